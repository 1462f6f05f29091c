import { Injectable } from '@nestjs/common';
import { type AgentAccess, PAGE_LIMIT } from '../../common/index.js';
import { PLANNED_EACH_TIME } from '../../database/client/index.js';
import { selectContributions } from '../../database/migrations/index.js';
import { type Session, TransactionRunner } from '../../database/transactions/index.js';
import { clampTime, listAgentTypes } from '../../database/values/index.js';
import { findMergedNames, isVoided } from '../../ledger/index.js';
import {
  BUCKET_LENGTH,
  buildPerformance,
  buildTrends,
  OUTCOMES,
  type PerformanceRow,
  type Sums,
  type TestPerformance,
  toTestPerformance,
  type Trend,
  type TrendRange,
  withInterval,
} from '../../rollups/index.js';
import type { ComparisonRequest } from '../requests/compare-query.dto.js';
import type { EvidenceFilter, TestFilter } from '../requests/test-filter.dto.js';
import { buildConditions, isTest, selectEvidence, StatementParameters } from './event-conditions.js';

/** Group of a comparison, without its interval and difference. `position`: 1, 2, 3, …, most recent first. */
export type ComparedRow = Sums & { value: string | null; first_at: Date; last_at: Date; position: number };

/**
 * Outcomes of the recorded tests that a filter selects, read from the ledger: of one agent, of all agents, or of those that
 * a limited caller may access. Voided tests are not counted. The cost grows with the number of tests that the most selective
 * condition leaves.
 */
@Injectable()
export class FilteredTestQueries {
  constructor(private readonly transactions: TransactionRunner) {}

  /**
   * Outcomes in total, by category and by difficulty.
   *
   * @param agents an agent type, or the agents that the caller may access
   */
  async getPerformance(filter: TestFilter, agents: string | AgentAccess): Promise<TestPerformance> {
    const rows = await this.read<PerformanceRow>(agents, (of, parameters) =>
      buildPerformance(selectTests({ filter, of }, parameters)),
    );
    return toTestPerformance(rows);
  }

  /**
   * One trend for each bucket of the range, including buckets without tests, oldest first.
   *
   * @param agents an agent type, or the agents that the caller may access
   */
  async getTrends(
    { bucket, from, to }: TrendRange,
    filter: EvidenceFilter,
    agents: string | AgentAccess,
  ): Promise<Trend[]> {
    const trends = await this.read<Sums & Pick<Trend, 'starts_at'>>(agents, (of, parameters) => {
      parameters.values.push(from, to, BUCKET_LENGTH[bucket]);
      return buildTrends(selectTests({ filter: { ...filter, from, to }, of }, parameters));
    });
    return trends.map(withInterval);
  }

  /**
   * Groups of the tests that have evidence, most recent first: up to `limit` + 1, the baseline, and the two most recent ones
   * with judged tests.
   */
  async getGroups(
    agentType: string,
    { by, baseline, limit = PAGE_LIMIT, ...filter }: ComparisonRequest,
  ): Promise<ComparedRow[]> {
    return this.read<ComparedRow>(agentType, (of, parameters) => {
      const tests = selectTests({ filter, of, by }, parameters);
      const isBaseline = baseline === undefined ? 'false' : `value = ${parameters.add(baseline, 'text')}`;
      return `
  WITH compared AS (
    SELECT value, ${OUTCOMES},
           ${clampTime('min(occurred_at)')} AS first_at, ${clampTime('max(occurred_at)')} AS last_at,
           row_number() OVER (ORDER BY max(occurred_at) DESC, value COLLATE "C")::integer AS position,
           row_number() OVER (PARTITION BY sum(tests) > 0 ORDER BY max(occurred_at) DESC, value COLLATE "C") AS judged
      FROM ${tests} GROUP BY value
  )
  SELECT value, tests, passed, errored, pass_rate, average_score, average_duration, first_at, last_at, position
    FROM compared
   WHERE position <= ${parameters.add(limit, 'integer')} + 1 OR (tests > 0 AND judged <= 2) OR ${isBaseline}
   ORDER BY position`;
    });
  }

  private async read<Row>(
    agents: string | AgentAccess,
    build: (of: TestedAgents, parameters: StatementParameters) => string,
  ): Promise<Row[]> {
    return this.transactions.readReplica(async (session) => {
      const parameters = new StatementParameters();
      const statement = build(await listTestedAgents(session, agents), parameters);
      return session.query<Row[]>(PLANNED_EACH_TIME + statement, parameters.values);
    });
  }
}

/** Names of agents, including those that were merged into them, or all agents (null). */
type TestedAgents = readonly string[] | null;

async function listTestedAgents(session: Session, agents: string | AgentAccess): Promise<TestedAgents> {
  if (typeof agents !== 'string' && !agents.isLimited) return null;
  const agentTypes = typeof agents === 'string' ? [agents] : await listAgentTypes(session, agents);
  return [...agentTypes, ...(await findMergedNames(session, agentTypes))];
}

/** Selects tests of agents; `by`: only those with evidence, and `value` is this field of it. */
interface TestSelection {
  filter: TestFilter;
  of: TestedAgents;
  by?: string;
}

/** FROM item with the contribution of each test to the rollups, `value` and `occurred_at`. */
function selectTests({ filter, of, by }: TestSelection, parameters: StatementParameters): string {
  const conditions = [
    isTest('tested'),
    ...(of === null ? [] : [isOneOf(of, parameters)]),
    ...(by === undefined ? [] : [`tested.payload ? 'evidence'`]),
    ...buildConditions(filter, 'tested', parameters),
    `NOT ${isVoided('tested')}`,
  ];
  return `(
    SELECT ${by === undefined ? 'NULL' : selectEvidence('tested', by)} AS value, tested.occurred_at, contribution.*
      FROM agent_events tested
     CROSS JOIN LATERAL (${selectContributions('(SELECT tested.*) event', 1)}) contribution
     WHERE ${conditions.join('\n       AND ')}
  ) test`;
}

function isOneOf(names: readonly string[], parameters: StatementParameters): string {
  return names.length === 1
    ? `tested.agent_type = ${parameters.add(names[0], 'text')}`
    : `tested.agent_type = ANY(${parameters.add(names, 'text[]')})`;
}
