import { asDouble } from './as-double.js';
import { type Sums, type TestOutcomes, type TestPerformance, withInterval } from './test-outcomes.js';
import type { Bucket } from './trend-range.js';

/** Select list of TestOutcomes from rows with the sums of TestRollup. */
export const OUTCOMES = `
         coalesce(sum(tests), 0)::float8 AS tests, coalesce(sum(passed), 0)::float8 AS passed,
         coalesce(sum(errored), 0)::float8 AS errored,
         sum(passed)::float8 / nullif(sum(tests), 0)::float8 AS pass_rate,
         ${asDouble('sum(score) / nullif(sum(tests), 0)')} AS average_score,
         ${asDouble('sum(duration) / nullif(sum(timed), 0)')} AS average_duration`;

/**
 * Outcomes in total, by category and by difficulty.
 *
 * @param tests FROM item with the columns `category`, `difficulty` and sums, and a WHERE clause if needed
 */
export function buildPerformance(tests: string): string {
  return `
  SELECT category, difficulty, ${OUTCOMES}
    FROM ${tests}
   GROUP BY GROUPING SETS ((), (category), (difficulty))
  HAVING sum(tests) + sum(errored) > 0 OR GROUPING(category, difficulty) = 3 ORDER BY category, difficulty`;
}

/** Row of `buildPerformance`: null in both columns is the total. */
export type PerformanceRow = Sums & { category: string | null; difficulty: string | null };

/** Converts the rows of `buildPerformance`. */
export function toTestPerformance(rows: readonly PerformanceRow[]): TestPerformance {
  const by_category: Record<string, TestOutcomes> = {};
  const by_difficulty: Record<string, TestOutcomes> = {};
  let all: TestOutcomes | undefined;
  for (const { category, difficulty, ...sums } of rows) {
    const outcomes = withInterval(sums);
    if (category !== null) by_category[category] = outcomes;
    else if (difficulty !== null) by_difficulty[difficulty] = outcomes;
    else all = outcomes;
  }
  if (!all) throw new Error('GROUPING SETS (()) returned no row');
  return { ...all, by_category, by_difficulty };
}

/**
 * Outcomes per bucket, including buckets without tests. $1, $2 start and end of the range, $3 length of a bucket.
 *
 * @param tests FROM item with the columns `hour` and sums, and a WHERE clause if needed
 */
export function buildTrends(tests: string): string {
  return `
  SELECT starts_at, ${OUTCOMES}
    FROM generate_series($1::timestamptz, $2::timestamptz - interval '1 ms', $3::interval) starts_at
    LEFT JOIN (
      SELECT date_bin($3::interval, hour, 'epoch') AS starts_at, tests, passed, errored, score, timed, duration
        FROM ${tests}
    ) test USING (starts_at)
   GROUP BY starts_at ORDER BY starts_at`;
}

/** In hours, because the length of a day depends on the time zone of the session. */
export const BUCKET_LENGTH: Record<Bucket, string> = { hour: '1 hour', day: '24 hours' };
