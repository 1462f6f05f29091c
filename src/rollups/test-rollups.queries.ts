import { Injectable } from '@nestjs/common';
import { TransactionRunner } from '../database/transactions/index.js';
import { asDouble } from './as-double.js';
import { type Sums, type TestOutcomes, type TestPerformance, type Trend, withInterval } from './test-outcomes.js';
import { ALL_AGENTS } from './test-rollup.js';
import type { Bucket, TrendRange } from './trend-range.js';

/** Select list of TestOutcomes from rows of TestRollup. */
const OUTCOMES = `
         coalesce(sum(tests), 0)::float8 AS tests, coalesce(sum(passed), 0)::float8 AS passed,
         coalesce(sum(errored), 0)::float8 AS errored,
         sum(passed)::float8 / nullif(sum(tests), 0)::float8 AS pass_rate,
         ${asDouble('sum(score) / nullif(sum(tests), 0)')} AS average_score,
         ${asDouble('sum(duration) / nullif(sum(timed), 0)')} AS average_duration`;

const PERFORMANCE = `
  SELECT category, difficulty, ${OUTCOMES}
    FROM test_rollups_by_kind WHERE agent_type = $1
   GROUP BY GROUPING SETS ((), (category), (difficulty))
  HAVING sum(tests) + sum(errored) > 0 OR (category IS NULL AND difficulty IS NULL) ORDER BY category, difficulty`;

/** Parameters: agent type, start and end of the range, length of a bucket. */
const TRENDS = `
  SELECT starts_at, ${OUTCOMES}
    FROM generate_series($2::timestamptz, $3::timestamptz - interval '1 ms', $4::interval) starts_at
    LEFT JOIN (
      SELECT date_bin($4::interval, hour, 'epoch') AS starts_at, tests, passed, errored, score, timed, duration
        FROM test_rollups_by_hour WHERE agent_type = $1 AND hour >= $2 AND hour < $3
    ) rollup USING (starts_at)
   GROUP BY starts_at ORDER BY starts_at`;

/** In hours, because the length of a day depends on the time zone of the session. */
const LENGTH: Record<Bucket, string> = { hour: '1 hour', day: '24 hours' };

/** Outcomes of all recorded tests, of one agent or of all. */
@Injectable()
export class TestRollupQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  /** Outcomes in total, by category and by difficulty. */
  async getPerformance(agentType = ALL_AGENTS): Promise<TestPerformance> {
    type Row = Sums & { category: string | null; difficulty: string | null };
    const rows = await this.transactions.readReplica((session) => session.query<Row[]>(PERFORMANCE, [agentType]));
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

  /** One trend for each bucket of the range, including buckets without tests, oldest first. */
  async getTrends({ bucket, from, to }: TrendRange, agentType = ALL_AGENTS): Promise<Trend[]> {
    const trends = await this.transactions.readReplica((session) =>
      session.query<(Sums & Pick<Trend, 'starts_at'>)[]>(TRENDS, [agentType, from, to, LENGTH[bucket]]),
    );
    return trends.map(withInterval);
  }
}
