/** How many of the newest tests count as recent. */
export const RECENT_TESTS = 5;

/** The newest tests of an agent, at most RECENT_TESTS: how many there are, and the ratio that was passed. */
export interface RecentTests {
  tests: number;
  /** Ratio 0–1; null without tests. */
  passRate: number | null;
}

/** @param outcomes whether each of the newest tests was passed */
export function recentTests(outcomes: readonly boolean[]): RecentTests {
  const tests = outcomes.length;
  return { tests, passRate: tests === 0 ? null : outcomes.filter(Boolean).length / tests };
}
