import { Inject, Injectable } from '@nestjs/common';
import {
  AgentAccess,
  decodeCursor,
  type Page,
  PAGE_LIMIT,
  type PageRequest,
  parseTimestamp,
  ThrowsDomainErrors,
  toPage,
  validationFailed,
} from '../../common/index.js';
import { assertAgentType, PageArgument } from '../../http/parameters/index.js';
import { parseArgument } from '../../http/validation/index.js';
import { buildAgentCondition, isRepresentableTime } from '../../database/values/index.js';
import { STORAGE_FORM, type StorageForm } from '../../database/storage/index.js';
import { TransactionRunner } from '../../database/transactions/index.js';
import type { AgentMetrics } from '../store/agent-metrics.entity.js';
import { AgentStatements } from '../store/agent-statements.js';
import { GroupedRead } from './grouped-read.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MICROSECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;
/** Cursor value for a created_at that JavaScript cannot represent; the query reads the time from the row. */
const ODD_TIME = 'odd';
const CREATION_KEY = [
  (key: unknown) =>
    key === ODD_TIME || (typeof key === 'string' && MICROSECONDS.test(key) && parseTimestamp(key) !== null),
  (key: unknown) => typeof key === 'string' && UUID.test(key),
];

const FIND_ALIASES = 'SELECT name, agent_type FROM agent_aliases WHERE name = ANY($1)';
const EXISTS = 'SELECT EXISTS (SELECT FROM agent_metrics WHERE agent_type = $1) AS exists';

/** Maximum size of a page, in bytes of JSON. A single row may be longer. */
const PAGE_BYTES = 4 * 1024 * 1024;
/** Columns that may be long. */
const LONG_COLUMNS = [
  'test_history',
  'learning_patterns',
  'improvement_suggestions',
  'capabilities',
  'config',
] as const;
export type LongColumn = (typeof LONG_COLUMNS)[number];

/**
 * Reads of one agent and lists of agents. All methods throw DomainError only: `validation_failed` if an argument is invalid,
 * failures of the database such as `database_unavailable`, and `internal_error`.
 */
@Injectable()
@ThrowsDomainErrors()
export class AgentMetricsQueries {
  private readonly agents: GroupedRead<AgentMetrics>;
  private readonly select: string;

  constructor(
    private readonly transactions: TransactionRunner,
    @Inject(STORAGE_FORM) storage: StorageForm,
  ) {
    this.select = new AgentStatements(storage).find;
    this.agents = new GroupedRead((agentTypes) => this.read(agentTypes));
  }

  /** Reads an agent; null if it does not exist. */
  async find(agentType: string): Promise<AgentMetrics | null> {
    assertAgentType(agentType);
    return this.agents.find(agentType);
  }

  /** Current names of renamed and merged agents, by earlier names. */
  async findAliases(names: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.transactions.read((session) =>
      session.query<{ name: string; agent_type: string }[]>(FIND_ALIASES, [names]),
    );
    return new Map(rows.map(({ name, agent_type }) => [name, agent_type]));
  }

  /** Whether the agent exists. */
  async exists(agentType: string): Promise<boolean> {
    assertAgentType(agentType);
    const [row] = await this.transactions.read((session) => session.query<{ exists: boolean }[]>(EXISTS, [agentType]));
    return row?.exists ?? false;
  }

  /**
   * Lists agents in order of creation.
   *
   * @param access agents that are listed. Default: all
   */
  async list(request: PageRequest = {}, access = AgentAccess.ALL): Promise<Page<AgentMetrics>> {
    const { items, next_cursor } = await this.listTypes(request, LONG_COLUMNS, access);
    const agents = await this.read(items);
    return { items: items.flatMap((agentType) => agents.get(agentType) ?? []), next_cursor };
  }

  /**
   * Lists agent types in order of creation.
   *
   * @param read columns that the caller reads next; a page ends early if they exceed 4 MiB in total
   * @param access agents that are listed. Default: all
   */
  async listTypes(
    request: PageRequest = {},
    read: readonly LongColumn[] = [],
    access = AgentAccess.ALL,
  ): Promise<Page<string>> {
    AgentAccess.assert(access);
    const { limit = PAGE_LIMIT, cursor } = parseArgument(request, PageArgument);
    const columns = parseColumns(read);
    const after = cursor === undefined ? [null, null] : decodeCursor(cursor, CREATION_KEY);
    const visible = buildAgentCondition(access, 4);
    const rows = await this.transactions.read((session) =>
      session.query<{ agent_type: string; created_at: string; id: string; before: number }[]>(
        buildListQuery(columns, visible.sql),
        [...after, limit + 1, ...visible.parameters],
      ),
    );
    const fitting = rows.filter(({ before }) => before < PAGE_BYTES).length;
    const { items, next_cursor } = toPage(rows, Math.min(limit, fitting), (row) => [row.created_at, row.id]);
    return { items: items.map((row) => row.agent_type), next_cursor };
  }

  private async read(agentTypes: readonly string[]): Promise<Map<string, AgentMetrics>> {
    const rows = await this.transactions.read((session) => session.query<AgentMetrics[]>(this.select, [agentTypes]));
    return new Map(rows.map((row) => [row.agent_type, row]));
  }
}

/** The columns become a part of the statement. */
function parseColumns(read: readonly unknown[]): LongColumn[] {
  const columns: unknown[] = Array.isArray(read) ? [...(read as readonly unknown[])] : [null];
  if (columns.every((column) => LONG_COLUMNS.some((known) => known === column))) return columns as LongColumn[];
  throw validationFailed([{ field: 'read', detail: `must be a list of ${LONG_COLUMNS.join(', ')}` }]);
}

/**
 * $1, $2 created_at and id of the previous agent, $3 limit. `before`: total bytes of the preceding rows of the page.
 *
 * @param visible condition of the listed agents
 */
function buildListQuery(read: readonly LongColumn[], visible: string): string {
  const bytes = read.map((column) => `coalesce(octet_length(${column}::text), 0)`).join(' + ') || '0';
  return `
    SELECT agent_type, id, (sum(bytes) OVER (ORDER BY page.created_at, id) - bytes)::float8 AS before,
           CASE WHEN ${isRepresentableTime('page.created_at')}
                THEN to_char(page.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE '${ODD_TIME}' END AS created_at
      FROM (
        SELECT agent_type, id, created_at, ${bytes} AS bytes FROM agent_metrics agent
         WHERE ${visible} AND ($1::text IS NULL OR (agent.created_at, agent.id) > (
                 CASE WHEN $1 = '${ODD_TIME}' THEN (SELECT created_at FROM agent_metrics WHERE id = $2::uuid AND ${visible}) ELSE $1::timestamptz END,
                 $2::uuid
               ))
         ORDER BY agent.created_at, agent.id LIMIT $3
      ) page
     ORDER BY page.created_at, id`;
}
