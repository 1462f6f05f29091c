import { Injectable } from '@nestjs/common';
import { AgentAccess } from '../common/index.js';
import { type Session, TransactionRunner } from '../database/transactions/index.js';
import { listAgentTypes } from '../database/values/index.js';
import {
  BUCKET_LENGTH,
  buildPerformance,
  buildTrends,
  type PerformanceRow,
  toTestPerformance,
} from './outcome-statements.js';
import { type Sums, type TestPerformance, type Trend, withInterval } from './test-outcomes.js';
import { ALL_AGENTS } from './test-rollup.js';
import type { TrendRange } from './trend-range.js';

/** Outcomes of all recorded tests: of one agent, of all agents, or of those that a limited caller may access. */
@Injectable()
export class TestRollupQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  /**
   * Outcomes in total, by category and by difficulty.
   *
   * @param agents an agent type, or the agents that the caller may access. Default: all
   * @param category default: all categories
   */
  async getPerformance(agents: string | AgentAccess = AgentAccess.ALL, category?: string): Promise<TestPerformance> {
    const rows = await this.transactions.readReplica(async (session) => {
      const { sql, parameter } = await selectAgents(session, agents, '$1');
      const tests = `test_rollups_by_kind WHERE ${sql} AND ($2::text IS NULL OR category = $2)`;
      return session.query<PerformanceRow[]>(buildPerformance(tests), [parameter, category ?? null]);
    });
    return toTestPerformance(rows);
  }

  /**
   * One trend for each bucket of the range, including buckets without tests, oldest first.
   *
   * @param agents an agent type, or the agents that the caller may access. Default: all
   */
  async getTrends({ bucket, from, to }: TrendRange, agents: string | AgentAccess = AgentAccess.ALL): Promise<Trend[]> {
    const trends = await this.transactions.readReplica(async (session) => {
      const { sql, parameter } = await selectAgents(session, agents, '$4');
      const tests = `test_rollups_by_hour WHERE ${sql} AND hour >= $1 AND hour < $2`;
      return session.query<(Sums & Pick<Trend, 'starts_at'>)[]>(buildTrends(tests), [
        from,
        to,
        BUCKET_LENGTH[bucket],
        parameter,
      ]);
    });
    return trends.map(withInterval);
  }
}

/** Condition on the rollups of these agents, and its parameter. The rollups of all agents are sums. */
async function selectAgents(
  session: Session,
  agents: string | AgentAccess,
  placeholder: string,
): Promise<{ sql: string; parameter: string | readonly string[] }> {
  const agentType = typeof agents === 'string' ? agents : agents.isLimited ? null : ALL_AGENTS;
  if (agentType !== null) return { sql: `agent_type = ${placeholder}`, parameter: agentType };
  const listed = await listAgentTypes(session, agents as AgentAccess);
  return { sql: `agent_type = ANY(${placeholder}::text[])`, parameter: listed };
}
