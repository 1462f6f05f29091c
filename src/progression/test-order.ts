import type { AgentState } from './agent-state.js';
import type { JsonObject } from './json.js';
import { newest } from './window.js';

const ISO_8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
const ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/;

/** The newer results of a history: how many of its entries they are, and how many of these are tests. */
export interface NewerResults {
  entries: number;
  tests: number;
}

/** Of a result that is the newest one. */
export const NOTHING_NEWER: NewerResults = { entries: 0, tests: 0 };

/**
 * The results that ended after this time. Results of the same time are in the order of their arrival. An entry that a PUT
 * has put there without a time stays where it is: nothing is moved before it.
 */
export function newerThan(
  time: Date,
  { last_test_date, test_history }: Pick<AgentState, 'last_test_date' | 'test_history'>,
): NewerResults {
  if (!isLate(time, last_test_date)) return NOTHING_NEWER;
  const newer = { ...NOTHING_NEWER };
  for (let index = test_history.length - 1; index >= 0; index--) {
    const { timestamp, passed } = test_history[index] ?? {};
    if (!(parseTime(timestamp) > time.getTime())) break;
    newer.entries++;
    if (typeof passed === 'boolean') newer.tests++;
  }
  return newer;
}

/** In milliseconds, UTC without a zone, as everywhere; NaN when an entry has no time. */
function parseTime(timestamp: unknown): number {
  if (typeof timestamp !== 'string' || !ISO_8601.test(timestamp)) return NaN;
  return Date.parse(ZONE.test(timestamp) ? timestamp : `${timestamp}Z`);
}

/** Whether a result that ended at this time is older than one that is known. */
export function isLate(time: Date, lastTestDate: Date | null): boolean {
  return lastTestDate !== null && time < lastTestDate;
}

/** The history with an entry before the newer ones, cut to its newest `size` entries. */
export function withEntry(
  history: readonly JsonObject[],
  entry: JsonObject,
  { entries }: NewerResults,
  size: number,
): JsonObject[] {
  const place = history.length - entries;
  return newest([...history.slice(0, place), entry, ...history.slice(place)], size);
}

type Streaks = Pick<AgentState, 'consecutive_successes' | 'consecutive_failures'>;

/**
 * The streaks after a result that has `newer.tests` results after it. A streak may be longer than the history: of a result
 * that is older than all of the history nobody knows whether it lies within the streak, so that the streak stays.
 */
export function streaksAfter(
  { consecutive_successes, consecutive_failures, test_history }: Streaks & Pick<AgentState, 'test_history'>,
  passed: boolean,
  newer: NewerResults,
  size: number,
): Streaks {
  const streak = Math.max(consecutive_successes, consecutive_failures);
  const ofPasses = consecutive_successes > 0;
  const streaks = (length: number, areOfPasses: boolean): Streaks => ({
    consecutive_successes: areOfPasses ? length : 0,
    consecutive_failures: areOfPasses ? 0 : length,
  });
  if (newer.tests === 0) return streaks(passed === ofPasses ? streak + 1 : 1, passed);
  const isUnplaced = newer.entries >= size || (newer.entries === test_history.length && streak > newer.tests);
  if (isUnplaced || newer.tests > streak) return streaks(streak, ofPasses);
  if (passed === ofPasses) return streaks(streak + 1, ofPasses);
  return streaks(newer.tests, ofPasses);
}
