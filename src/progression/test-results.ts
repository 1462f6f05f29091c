import type { AgentState } from './agent-state.js';
import type { JsonObject } from './json.js';

const ISO_8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/;
const ZONE = /(?:Z|[+-]\d{2}:?\d{2})$/;

/** Number of newer history entries, and how many of them are tests. */
export interface NewerResults {
  entries: number;
  tests: number;
}

/** The result is the newest one. */
export const NOTHING_NEWER: NewerResults = { entries: 0, tests: 0 };

/**
 * Counts the results that ended after a time. Results of the same time are in order of arrival. An entry without a time
 * (set by PUT) keeps its position: no result is placed before it.
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

/** Time in milliseconds. Text without a time zone is UTC. NaN if the entry has no time. */
function parseTime(timestamp: unknown): number {
  if (typeof timestamp !== 'string' || !ISO_8601.test(timestamp)) return NaN;
  return Date.parse(ZONE.test(timestamp) ? timestamp : `${timestamp}Z`);
}

/** Whether a result that ended at this time is older than the newest recorded one. */
export function isLate(time: Date, lastTestDate: Date | null): boolean {
  return lastTestDate !== null && time < lastTestDate;
}

/** Inserts an entry before the newer ones and cuts the history to the newest `size` entries. */
export function withEntry(
  history: readonly JsonObject[],
  entry: JsonObject,
  { entries }: NewerResults,
  size: number,
): JsonObject[] {
  const place = history.length - entries;
  return newest([...history.slice(0, place), entry, ...history.slice(place)], size);
}

/**
 * Merges two histories, each ordered oldest first, by the times of their entries, and cuts the result to the newest `size`
 * entries. Of the same time, entries of the first history come first; an entry without a time follows its predecessor.
 */
export function mergedHistory(first: readonly JsonObject[], second: readonly JsonObject[], size: number): JsonObject[] {
  const merged: JsonObject[] = [];
  let [taken, time] = [0, -Infinity];
  for (const entry of second) {
    time = entryTime(entry, time);
    for (let next = first[taken]; next && !(entryTime(next, -Infinity) > time); next = first[++taken])
      merged.push(next);
    merged.push(entry);
  }
  return newest([...merged, ...first.slice(taken)], size);
}

function entryTime({ timestamp }: JsonObject, unknown: number): number {
  const time = parseTime(timestamp);
  return Number.isNaN(time) ? unknown : time;
}

/** Number of tests in the history that ended after a time. */
export function countNewerTests(history: readonly JsonObject[], time: Date): number {
  return history.filter(({ timestamp, passed }) => typeof passed === 'boolean' && parseTime(timestamp) > time.getTime())
    .length;
}

type Streaks = Pick<AgentState, 'consecutive_successes' | 'consecutive_failures'>;

/**
 * Computes the streaks after a result that has `newer.tests` newer tests. A streak may be longer than the history. If the
 * result is older than the whole history, its position relative to the streak is unknown, and the streak is unchanged.
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

/** Ratios 0–1 of tests passed and tests failed to tests given; 0 if no test was given. */
export function testRates(counters: {
  total_tests_given: number;
  total_tests_passed: number;
  total_tests_failed: number;
}): { pass_rate: number; failure_rate: number } {
  const given = counters.total_tests_given;
  return given === 0
    ? { pass_rate: 0, failure_rate: 0 }
    : { pass_rate: counters.total_tests_passed / given, failure_rate: counters.total_tests_failed / given };
}

/** Returns the newest `size` items of a list ordered oldest first. */
export function newest<T>(items: readonly T[], size: number): T[] {
  return items.slice(Math.max(0, items.length - size));
}

/** Appends items and cuts the list to its newest `size` items. Without items to append, the list is unchanged. */
export function appended<T>(items: T[], added: readonly T[], size: number): T[] {
  return added.length === 0 ? items : newest([...items, ...added], size);
}
