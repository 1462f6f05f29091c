import { Inject, Injectable } from '@nestjs/common';
import { type AgentMetrics, AgentMetricsQueries, GroupedRead, type LongColumn } from '../agent-metrics/index.js';
import {
  type AgentAccess,
  agentNotFound,
  type Page,
  type PageRequest,
  pick,
  ThrowsDomainErrors,
} from '../common/index.js';
import { type AgentState, newest } from '../progression/index.js';
import { assertAgentType } from '../http/parameters/index.js';
import { STORAGE_FORM, type StorageForm } from '../database/storage/index.js';
import { buildAgentCondition, clampTime, toJsonList, toRepresentableTime } from '../database/values/index.js';
import { TransactionRunner } from '../database/transactions/index.js';
import { RECENT_TESTS } from './rules/recent-tests.js';
import type { CustodyAgent } from './rules/standing.js';

const PLAIN = [
  'version',
  'agent_type',
  'status',
  'is_active',
  'level',
  'xp',
  'learning_score',
  'current_difficulty',
  'custody_level',
  'custody_xp',
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'pass_rate',
  'failure_rate',
  'consecutive_successes',
  'consecutive_failures',
] as const;
const TIMES = ['last_test_date', 'last_success', 'last_failure'] as const;
const LISTS = ['test_history', 'learning_patterns'] as const;
type List = (typeof LISTS)[number] & LongColumn;

/** The columns that custody rules use, without lists and documents. */
export type CustodyAgentRow = Pick<AgentMetrics, (typeof PLAIN)[number] | (typeof TIMES)[number]> & CustodyAgent;

/** With the test history, whose items are not validated: the row can have been edited manually. */
export type TestedAgentRow = CustodyAgentRow & Pick<AgentMetrics, 'test_history'>;
export type LearnedAgentRow = TestedAgentRow & Pick<AgentMetrics, 'learning_patterns'>;

/** The columns of an agent in memory that custody rules use, with the test history. */
export function toTestedAgentRow(agent: AgentState): TestedAgentRow {
  const outcomes = agent.test_history.map(({ passed }) => passed).filter((passed) => typeof passed === 'boolean');
  return {
    ...pick(agent, [...PLAIN, ...TIMES, 'created_at', 'test_history']),
    recent_outcomes: newest(outcomes, RECENT_TESTS),
  };
}

/** Outcomes of the newest tests, oldest first. Items without a boolean `passed` are ignored. */
const RECENT_OUTCOMES = `
  jsonb_path_query_array(
    jsonb_path_query_array(${toJsonList('test_history')}, '$[*].passed ? (@.type() == "boolean")'),
    '$[last - ${RECENT_TESTS - 1} to last]'
  )`;

/** SQL that selects the agents in $1, with the given lists. */
const buildSelect = (lists: readonly List[], { isAmongAgents }: StorageForm): string => `
  SELECT ${[
    ...PLAIN,
    ...TIMES.map((time) => `${toRepresentableTime(time)} AS ${time}`),
    `${clampTime('created_at')} AS created_at`,
    `${RECENT_OUTCOMES} AS recent_outcomes`,
    ...lists.map((list) => `${toJsonList(list)} AS ${list}`),
  ].join(', ')}
    FROM agent_metrics WHERE ${isAmongAgents}`;

/** Selects agents whose last passed test reaches its maximum age in an interval. */
export interface LapsingRequest {
  /** Inclusive. */
  from: Date;
  /** Inclusive. */
  to: Date;
  /** Last agent of the previous page. */
  after: Pick<LapsingAgent, 'agent_type' | 'end'> | null;
  /** Maximum number of agents. */
  limit: number;
}

/** An agent whose last passed test reaches its maximum age at `end`. */
export interface LapsingAgent {
  agent_type: string;
  version: number;
  /** Hash of the newest event, in hexadecimal. Null: the row was edited manually. */
  ledger_hash: string | null;
  end: Date;
}

/**
 * $1 maximum age in milliseconds, $2 and $3 interval of the ends, $4 and $5 last agent, $6 limit. Rows that were edited manually
 * have no event of their version, or do not decide what the ledger says: the state is read from the ledger.
 */
const FIND_LAPSING = `
  WITH age AS (SELECT $1::float8 * interval '1 millisecond' AS maximum), lapsing AS (
    SELECT agent_type, version, date_trunc('milliseconds', last_success) AS last_success
      FROM agent_metrics, age
     WHERE last_success BETWEEN $2::timestamptz - age.maximum - interval '1 millisecond' AND $3::timestamptz - age.maximum
       AND ($4::timestamptz IS NULL
            OR (date_trunc('milliseconds', last_success), agent_type) > ($4::timestamptz - age.maximum, $5::text))
       AND version > 0 AND $AGENTS
     ORDER BY date_trunc('milliseconds', last_success), agent_type LIMIT $6
  )
  SELECT agent_type, version, encode(event.hash, 'hex') AS ledger_hash, last_success + age.maximum AS "end"
    FROM lapsing LEFT JOIN agent_events event USING (agent_type, version), age
   ORDER BY last_success, agent_type`;

/** Reads the columns that custody rules use, and lists only on request. Throws DomainError only. */
@Injectable()
@ThrowsDomainErrors()
export class CustodyAgentQueries {
  private readonly agents = new GroupedRead((agentTypes) => this.read<CustodyAgentRow>(agentTypes, []));
  private readonly tested = new GroupedRead((agentTypes) => this.read<TestedAgentRow>(agentTypes, ['test_history']));

  constructor(
    private readonly queries: AgentMetricsQueries,
    private readonly transactions: TransactionRunner,
    @Inject(STORAGE_FORM) private readonly storage: StorageForm,
  ) {}

  /** @throws DomainError `agent_not_found` */
  async get(agentType: string): Promise<CustodyAgentRow> {
    assertAgentType(agentType);
    return assertFound(await this.agents.find(agentType), agentType);
  }

  /** @throws DomainError `agent_not_found` */
  async getTested(agentType: string): Promise<TestedAgentRow> {
    assertAgentType(agentType);
    return assertFound(await this.tested.find(agentType), agentType);
  }

  /** See `CustodyService.findLapsing`. @param windowMs maximum age of the last passed test */
  async findLapsing(
    { from, to, after, limit }: LapsingRequest,
    windowMs: number,
    access: AgentAccess,
  ): Promise<LapsingAgent[]> {
    const { sql, parameters } = buildAgentCondition(access, 7);
    const statement = FIND_LAPSING.replace('$AGENTS', sql);
    const values = [windowMs, from, to, after?.end ?? null, after?.agent_type ?? null, limit, ...parameters];
    return this.transactions.read((session) => session.query<LapsingAgent[]>(statement, values));
  }

  /** A page of agents, in the order of their creation. @param access agents that are listed. Default: all */
  async list(page: PageRequest, access?: AgentAccess): Promise<Page<CustodyAgentRow>> {
    return this.listWith(page, [], access);
  }

  /** Like `list`, with the test history. A page has fewer agents if their histories are long. */
  async listTested(page: PageRequest, access?: AgentAccess): Promise<Page<TestedAgentRow>> {
    return this.listWith(page, ['test_history'], access);
  }

  /** Like `listTested`, with the learning patterns. */
  async listLearned(page: PageRequest, access?: AgentAccess): Promise<Page<LearnedAgentRow>> {
    return this.listWith(page, LISTS, access);
  }

  private async listWith<Row extends CustodyAgentRow>(
    page: PageRequest,
    lists: readonly List[],
    access: AgentAccess | undefined,
  ): Promise<Page<Row>> {
    const { items, next_cursor } = await this.queries.listTypes(page, lists, access);
    const rows = await this.read<Row>(items, lists);
    return { items: items.flatMap((agentType) => rows.get(agentType) ?? []), next_cursor };
  }

  private async read<Row extends CustodyAgentRow>(
    agentTypes: readonly string[],
    lists: readonly List[],
  ): Promise<Map<string, Row>> {
    const select = buildSelect(lists, this.storage);
    const rows = await this.transactions.read((session) => session.query<Row[]>(select, [agentTypes]));
    return new Map(rows.map((row) => [row.agent_type, row]));
  }
}

function assertFound<Row>(row: Row | null, agentType: string): Row {
  if (!row) throw agentNotFound(agentType);
  return row;
}
