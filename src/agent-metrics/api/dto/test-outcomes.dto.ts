import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { ApiMap, ApiNullable } from '../../../http/validation/index.js';
import type { Interval, TestOutcomes, TestPerformance, Trend } from '../../../rollups/index.js';

/** Interval of a ratio, 0–1. */
export class IntervalDto implements Interval {
  /** @example 0.55 */
  low!: number;
  /** @example 0.95 */
  high!: number;
}

/** Results of a set of tests. Voided tests are not counted. */
export class TestOutcomesDto implements TestOutcomes {
  /**
   * Tests passed or failed.
   * @example 12
   */
  @ApiProperty({ type: 'integer' })
  tests!: number;
  /** @example 10 */
  @ApiProperty({ type: 'integer' })
  passed!: number;
  /**
   * Tests that errored. The agent was not judged; the other numbers do not include them.
   * @example 1
   */
  @ApiProperty({ type: 'integer' })
  errored!: number;
  /**
   * Ratio of tests passed, 0–1; null without tests.
   * @example 0.83
   */
  pass_rate!: number | null;
  /** 95 % Wilson interval of the pass rate; null without tests. */
  @ApiNullable(IntervalDto)
  pass_rate_interval!: IntervalDto | null;
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
