import type { JsonObject } from '../../progression/json.js';
import { newest } from '../../progression/window.js';

/** How many of the newest tests count as recent. */
export const RECENT_TESTS = 5;

/** The newest tests of a history, at most RECENT_TESTS: how many there are, and the ratio that was passed. */
export interface RecentTests {
  tests: number;
  /** Ratio 0–1; null without tests. */
  passRate: number | null;
}

/** The history is oldest first. What a PUT has put there without saying whether it was passed is no test. */
export function recentTests(history: readonly JsonObject[]): RecentTests {
  const outcomes = newest(
    history.flatMap(({ passed }) => (typeof passed === 'boolean' ? [passed] : [])),
    RECENT_TESTS,
  );
  const tests = outcomes.length;
  return { tests, passRate: tests === 0 ? null : outcomes.filter(Boolean).length / tests };
}
