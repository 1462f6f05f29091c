import { ApiProperty } from '@nestjs/swagger';
import type { AnalyticsSummary } from '../../read/analytics.service.js';
import { TestPerformanceDto } from './test-outcomes.dto.js';

/**
 * Summary of all agents. Totals and averages are computed from the current metrics. Ratios are 0–1; 0 if the
 * denominator is 0.
 */
export class AnalyticsSummaryDto implements AnalyticsSummary {
  /** @example 4 */
  @ApiProperty({ type: 'integer' })
  total_agents!: number;
  /** @example 4 */
  @ApiProperty({ type: 'integer' })
  active_agents!: number;
  /** @example 1500 */
  total_learning_score!: number;
  /** @example 375 */
  average_learning_score!: number;
  /** @example 40 */
  @ApiProperty({ type: 'integer' })
  total_learning_cycles!: number;
  /** @example 2500 */
  @ApiProperty({ type: 'integer' })
  total_xp!: number;
  /** @example 3.5 */
  average_level!: number;
  /** @example 45 */
  @ApiProperty({ type: 'integer' })
  total_tests_given!: number;
  /** @example 38 */
  @ApiProperty({ type: 'integer' })
  total_tests_passed!: number;
  /** @example 7 */
  @ApiProperty({ type: 'integer' })
  total_tests_failed!: number;
  /** @example 0.84 */
  overall_pass_rate!: number;
  /** @example 6 */
  @ApiProperty({ type: 'integer' })
  total_adversarial_wins!: number;
  /** @example 900 */
  @ApiProperty({ type: 'integer' })
  total_custody_xp!: number;
  /** @example 2.5 */
  average_custody_level!: number;
  /**
   * Number of agents per difficulty.
   * @example {"basic": 3, "intermediate": 1}
   */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'integer' } })
  agents_by_difficulty!: Record<string, number>;
  test_performance!: TestPerformanceDto;
}
