import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { ApiMap } from '../../../http/validation/index.js';
import type { TestOutcomes, TestPerformance, Trend } from '../../../rollups/index.js';

/** How tests came out. */
export class TestOutcomesDto implements TestOutcomes {
  /** @example 12 */
  @ApiProperty({ type: 'integer' })
  tests!: number;
  /** @example 10 */
  @ApiProperty({ type: 'integer' })
  passed!: number;
  /**
   * Ratio 0–1; null when there was no test.
   * @example 0.83
   */
  pass_rate!: number | null;
  /**
   * 0–100; null when there was no test.
   * @example 81.5
   */
  average_score!: number | null;
  /**
   * Seconds; null when no test has a duration, as adversarial ones haven't.
   * @example 118.2
   */
  average_duration!: number | null;
}

/** Every test that was ever recorded: a reset or an update of an agent doesn't undo them. */
@ApiExtraModels(TestOutcomesDto)
export class TestPerformanceDto extends TestOutcomesDto implements TestPerformance {
  /** By category; tests without one are under `uncategorized`. */
  @ApiMap(TestOutcomesDto)
  by_category!: Record<string, TestOutcomesDto>;
  /** By the difficulty that they had. */
  @ApiMap(TestOutcomesDto)
  by_difficulty!: Record<string, TestOutcomesDto>;
}

export class TrendDto extends TestOutcomesDto implements Trend {
  /**
   * When the hour or day begins.
   * @example "2026-11-23T00:00:00.000Z"
   */
  starts_at!: Date;
}
