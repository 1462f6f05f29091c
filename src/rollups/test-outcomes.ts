/** How tests came out. */
export interface TestOutcomes {
  tests: number;
  passed: number;
  /** Ratio 0–1; null when there was no test. */
  pass_rate: number | null;
  /** 0–100; null when there was no test. */
  average_score: number | null;
  /** Seconds; null when no test says its duration, as adversarial ones don't. */
  average_duration: number | null;
}

/** How tests came out, in all and by what was tested. */
export interface TestPerformance extends TestOutcomes {
  /** Tests without category are under `uncategorized`. */
  by_category: Record<string, TestOutcomes>;
  by_difficulty: Record<string, TestOutcomes>;
}

/** How those tests came out that ended within one hour or day. */
export interface Trend extends TestOutcomes {
  /** When the hour or day (UTC) begins. */
  starts_at: Date;
}
