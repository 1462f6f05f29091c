import { ApiExtraModels, ApiProperty, IntersectionType, PickType } from '@nestjs/swagger';
import { AgentMetrics } from '../../../agent-metrics/agent-metrics.entity.js';
import { CUSTODY_METRICS } from '../../../agent-metrics/answer-columns.js';
import { AnalyticsSummaryDto } from '../../../agent-metrics/dto/analytics-summary.dto.js';
import { TestOutcomesDto } from '../../../agent-metrics/dto/test-outcomes.dto.js';
import { ApiMapOf } from '../../../common/api-map-of.decorator.js';
import { OLD_OVERALL } from '../old-columns.js';
import { OldAnswerDto, OldGatesDto } from './old-answer.dto.js';
import { OldRecommendationDto } from './old-recommendations.dto.js';

export class OldOverallMetricsDto extends PickType(AnalyticsSummaryDto, OLD_OVERALL) {
  /**
   * Agents that take part.
   * @example 4
   */
  @ApiProperty({ type: 'integer' })
  active_ai_count!: number;
}

export class OldTrendDto extends TestOutcomesDto {
  /**
   * The day, in UTC.
   * @example 2026-11-23
   */
  day!: string;
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
  @ApiMapOf(TestOutcomesDto)
  category_performance!: Record<string, TestOutcomesDto>;
  /** How they came out on each of the last 7 days that had any, oldest first. */
  recent_trends!: OldTrendDto[];
}

export class OldAgentMetricsDto extends IntersectionType(
  PickType(AgentMetrics, [...CUSTODY_METRICS, 'learning_score']),
  OldGatesDto,
) {}

@ApiExtraModels(OldAgentMetricsDto)
export class OldAnalyticsDataDto {
  overall_metrics!: OldOverallMetricsDto;
  /** Custody metrics by ai_type. */
  @ApiMapOf(OldAgentMetricsDto)
  ai_specific_metrics!: Record<string, OldAgentMetricsDto>;
  test_performance!: OldTestPerformanceDto;
  /** What should be done about the agents of this page. */
  recommendations!: OldRecommendationDto[];
  /** Opens the next page of agents; null on the last one. */
  next_cursor!: string | null;
}

export class OldAnalyticsDto extends OldAnswerDto {
  data!: OldAnalyticsDataDto;
}

export class OldOverviewDataDto {
  /** @example "Custody protocol is active" */
  message!: string;
  analytics!: OldAnalyticsDataDto;
}

export class OldOverviewDto extends OldAnswerDto {
  data!: OldOverviewDataDto;
}
