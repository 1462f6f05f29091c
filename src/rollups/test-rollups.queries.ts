import { Injectable } from '@nestjs/common';
import { AgentAccess } from '../common/index.js';
import { type Session, TransactionRunner } from '../database/transactions/index.js';
import { listAgentTypes } from '../database/values/index.js';
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

/** Conditions on the agents in $1: one agent type, or a list. */
const ONE = 'agent_type = $1';
const SOME = 'agent_type = ANY($1::text[])';

const buildPerformance = (agents: string): string => `
  SELECT category, difficulty, ${OUTCOMES}
    FROM test_rollups_by_kind WHERE ${agents}
   GROUP BY GROUPING SETS ((), (category), (difficulty))
  HAVING sum(tests) + sum(errored) > 0 OR (category IS NULL AND difficulty IS NULL) ORDER BY category, difficulty`;

/** Parameters: agents, start and end of the range, length of a bucket. */
const buildTrends = (agents: string): string => `
  SELECT starts_at, ${OUTCOMES}
    FROM generate_series($2::timestamptz, $3::timestamptz - interval '1 ms', $4::interval) starts_at
    LEFT JOIN (
      SELECT date_bin($4::interval, hour, 'epoch') AS starts_at, tests, passed, errored, score, timed, duration
        FROM test_rollups_by_hour WHERE ${agents} AND hour >= $2 AND hour < $3
    ) rollup USING (starts_at)
   GROUP BY starts_at ORDER BY starts_at`;

/** In hours, because the length of a day depends on the time zone of the session. */
const LENGTH: Record<Bucket, string> = { hour: '1 hour', day: '24 hours' };

/** Outcomes of all recorded tests: of one agent, of all agents, or of those that a limited caller may access. */
@Injectable()
export class TestRollupQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  /** Outcomes in total, by category and by difficulty. */
  async getPerformance(agentType = ALL_AGENTS): Promise<TestPerformance> {
    return toPerformance(
      await this.transactions.readReplica((session) => session.query<Row[]>(buildPerformance(ONE), [agentType])),
    );
  }

  /** Like `getPerformance`, of all agents that the caller may access. */
  async getPerformanceOf(access: AgentAccess): Promise<TestPerformance> {
    if (!access.isLimited) return this.getPerformance();
    return toPerformance(
      await this.transactions.readReplica(async (session) =>
        session.query<Row[]>(buildPerformance(SOME), [await listAgentTypes(session, access)]),
      ),
    );
  }

  /** One trend for each bucket of the range, including buckets without tests, oldest first. */
  async getTrends(range: TrendRange, agentType = ALL_AGENTS): Promise<Trend[]> {
    return this.transactions.readReplica((session) => queryTrends(session, ONE, agentType, range));
  }

  /** Like `getTrends`, of all agents that the caller may access. */
  async getTrendsOf(range: TrendRange, access: AgentAccess): Promise<Trend[]> {
    if (!access.isLimited) return this.getTrends(range);
    return this.transactions.readReplica(async (session) =>
      queryTrends(session, SOME, await listAgentTypes(session, access), range),
    );
  }
}

/** Row of GROUPING SETS: in total, of a category, or of a difficulty. */
type Row = Sums & { category: string | null; difficulty: string | null };

async function queryTrends(
  session: Session,
  condition: string,
  agents: string | readonly string[],
  { bucket, from, to }: TrendRange,
): Promise<Trend[]> {
  const trends = await session.query<(Sums & Pick<Trend, 'starts_at'>)[]>(buildTrends(condition), [
    agents,
    from,
    to,
    LENGTH[bucket],
  ]);
  return trends.map(withInterval);
}

function toPerformance(rows: readonly Row[]): TestPerformance {
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
