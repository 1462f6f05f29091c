import { ApiExtraModels, ApiProperty, IntersectionType, PickType } from '@nestjs/swagger';
import { AgentMetrics, AnalyticsSummaryDto, CUSTODY_METRICS, TestOutcomesDto } from '../../agent-metrics/index.js';
import { ApiMap } from '../../http/validation/index.js';
import { OLD_FEATURES, OLD_OVERALL } from '../old-columns.js';
import { OldAnswerDto, OldGatesDto } from './old-answer.dto.js';

export class OldOverallMetricsDto extends PickType(AnalyticsSummaryDto, OLD_OVERALL) {
  /**
   * Agents that have taken a test.
   * @example 4
   */
  @ApiProperty({ type: 'integer' })
  active_ai_count!: number;
}

/** Of all tests that were ever recorded. */
@ApiExtraModels(TestOutcomesDto)
export class OldTestPerformanceDto {
  /**
   * How many tests there were at each difficulty.
   * @example {"basic": 40, "intermediate": 5}
   */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  difficulty_distribution!: Record<string, number>;
  /** How they came out in each category; tests without one are under `uncategorized`. */
  @ApiMap(TestOutcomesDto)
  category_performance!: Record<string, TestOutcomesDto>;
  /** How they came out on each of the last 7 days that had any, by the day in UTC (`2026-11-23`), oldest first. */
  @ApiMap(TestOutcomesDto)
  recent_trends!: Record<string, TestOutcomesDto>;
}

export class OldAgentMetricsDto extends IntersectionType(
  PickType(AgentMetrics, [...CUSTODY_METRICS, 'learning_score']),
  OldGatesDto,
) {}

@ApiExtraModels(OldAgentMetricsDto)
export class OldAnalyticsDataDto {
  overall_metrics!: OldOverallMetricsDto;
  /** Custody metrics by ai_type. */
  @ApiMap(OldAgentMetricsDto)
  ai_specific_metrics!: Record<string, OldAgentMetricsDto>;
  test_performance!: OldTestPerformanceDto;
  /**
   * A sentence for each thing that should be done about the agents of this page.
   * @example ["conquest has failed 3 tests in a row and needs remedial training."]
   */
  recommendations!: string[];
  /** Opens the next page of agents; null on the last one. */
  next_cursor!: string | null;
}

export class OldAnalyticsDto extends OldAnswerDto {
  data!: OldAnalyticsDataDto;
}

export class OldOverviewDto extends OldAnswerDto {
  /** @example "The custody protocol is active" */
  message!: string;
  /** What the custody protocol does. */
  @ApiProperty({ enum: OLD_FEATURES, isArray: true })
  features!: readonly string[];
  /** As `data` of `/api/custody/analytics`. */
  analytics!: OldAnalyticsDataDto;
}
