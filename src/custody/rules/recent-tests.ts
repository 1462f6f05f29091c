/** Number of the newest tests that count as recent. */
export const RECENT_TESTS = 5;

/** Number and pass rate of the newest tests of an agent, at most RECENT_TESTS. */
export interface RecentTests {
  tests: number;
  /** Ratio 0–1; null without tests. */
  passRate: number | null;
}

/** @param outcomes true for each passed test */
export function summarizeRecentTests(outcomes: readonly boolean[]): RecentTests {
  const tests = outcomes.length;
  return { tests, passRate: tests === 0 ? null : outcomes.filter(Boolean).length / tests };
}
