import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { ApiMap } from '../../../http/validation/index.js';
import type { TestOutcomes, TestPerformance, Trend } from '../../../rollups/index.js';

/** Results of a set of tests. */
export class TestOutcomesDto implements TestOutcomes {
  /** @example 12 */
  @ApiProperty({ type: 'integer' })
  tests!: number;
  /** @example 10 */
  @ApiProperty({ type: 'integer' })
  passed!: number;
  /**
   * Ratio of tests passed, 0–1; null without tests.
   * @example 0.83
   */
  pass_rate!: number | null;
  /**
   * Average score, 0–100; null without tests.
   * @example 81.5
   */
  average_score!: number | null;
  /**
   * Average duration in seconds; null without tests that have a duration. Adversarial tests have none.
   * @example 118.2
   */
  average_duration!: number | null;
}

/** Results of all recorded tests. Resets and updates of an agent do not change them. */
@ApiExtraModels(TestOutcomesDto)
export class TestPerformanceDto extends TestOutcomesDto implements TestPerformance {
  /** Results by category; tests without a category are under `uncategorized`. */
  @ApiMap(TestOutcomesDto)
  by_category!: Record<string, TestOutcomesDto>;
  /** Results by difficulty of the test. */
  @ApiMap(TestOutcomesDto)
  by_difficulty!: Record<string, TestOutcomesDto>;
}

export class TrendDto extends TestOutcomesDto implements Trend {
  /**
   * Start of the hour or day.
   * @example "2026-11-23T00:00:00.000Z"
   */
  starts_at!: Date;
}
