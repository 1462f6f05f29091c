import { computeWilsonInterval, type Interval } from './wilson-interval.js';

/** Outcomes of tests that are not voided. */
export interface TestOutcomes {
  /** Judged tests: passed or failed. */
  tests: number;
  passed: number;
  /** Tests that errored. The agent was not judged; the other numbers do not include them. */
  errored: number;
  /** Ratio 0–1; null if there was no test. */
  pass_rate: number | null;
  /** 95 % Wilson interval of the pass rate; null if there was no test. */
  pass_rate_interval: Interval | null;
  /** 0–100; null if there was no test. */
  average_score: number | null;
  /** Seconds; null if no test has a duration. Adversarial tests have none. */
  average_duration: number | null;
}

/** Outcomes of tests in total, by category and by difficulty. */
export interface TestPerformance extends TestOutcomes {
  /** Tests without a category are counted as `uncategorized`. */
  by_category: Record<string, TestOutcomes>;
  by_difficulty: Record<string, TestOutcomes>;
}

/** Outcomes of the tests that ended within one hour or day. */
export interface Trend extends TestOutcomes {
  /** Start of the hour or UTC day. */
  starts_at: Date;
}

/** Outcomes without what is computed from them. */
export type Sums = Omit<TestOutcomes, 'pass_rate_interval'>;

/** Adds the interval of the pass rate. */
export function withInterval<T extends Sums>(sums: T): T & TestOutcomes {
  return { ...sums, pass_rate_interval: computeWilsonInterval(sums.passed, sums.tests) };
}
