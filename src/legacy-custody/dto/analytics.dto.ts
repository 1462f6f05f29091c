import { ApiExtraModels, ApiProperty, IntersectionType, PickType } from '@nestjs/swagger';
import { AgentMetrics, AnalyticsSummaryDto, CUSTODY_METRICS, TestOutcomesDto } from '../../agent-metrics/index.js';
import { ApiMap } from '../../http/validation/index.js';
import { FEATURES, OUTCOME_FIELDS, OVERALL_COLUMNS } from '../columns.js';
import { OldAnswerDto, OldGatesDto } from './envelope.dto.js';

export class OldOverallMetricsDto extends PickType(AnalyticsSummaryDto, OVERALL_COLUMNS) {
  /**
   * Number of agents with at least one test.
   * @example 4
   */
  @ApiProperty({ type: 'integer' })
  active_ai_count!: number;
}

/** Outcomes of a set of tests. */
export class OldTestOutcomesDto extends PickType(TestOutcomesDto, OUTCOME_FIELDS) {}

/** Outcomes of all recorded tests. */
@ApiExtraModels(OldTestOutcomesDto)
export class OldTestPerformanceDto {
  /**
   * Number of tests by difficulty.
   * @example {"basic": 40, "intermediate": 5}
   */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  difficulty_distribution!: Record<string, number>;
  /** Outcomes by category. Tests without a category are counted as `uncategorized`. */
  @ApiMap(OldTestOutcomesDto)
  category_performance!: Record<string, OldTestOutcomesDto>;
  /** Outcomes of the last 7 days by UTC day (`2026-11-23`), oldest first. Days without tests are omitted. */
  @ApiMap(OldTestOutcomesDto)
  recent_trends!: Record<string, OldTestOutcomesDto>;
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
   * Recommendations for the agents of the page, one sentence each.
   * @example ["conquest has failed 3 tests in a row and needs remedial training."]
   */
  recommendations!: string[];
  /** Cursor of the next page of agents; null on the last page. */
  next_cursor!: string | null;
}

export class OldAnalyticsDto extends OldAnswerDto {
  data!: OldAnalyticsDataDto;
}

export class OldOverviewDto extends OldAnswerDto {
  /** @example "The custody protocol is active" */
  message!: string;
  /** Features of the custody protocol. */
  @ApiProperty({ enum: FEATURES, isArray: true })
  features!: readonly string[];
  /** Same as `data` of `/api/custody/analytics`. */
  analytics!: OldAnalyticsDataDto;
}
