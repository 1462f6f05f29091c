/** Outcomes of tests. */
export interface TestOutcomes {
  tests: number;
  passed: number;
  /** Ratio 0–1; null if there was no test. */
  pass_rate: number | null;
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
