import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { decodeCursor, type Page, PAGE_LIMIT, pageOf, type PageRequest } from '../common/page.js';
import { parseTimestamp } from '../common/timestamp.js';
import { TransactionRunner } from '../database/transaction-runner.js';
import { AgentMetrics } from './agent-metrics.entity.js';
import { AgentStatements } from './agent-statements.js';
import { GroupedRead } from './grouped-read.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MICROSECONDS = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z$/;
const CREATION_KEY = [
  (key: unknown) => typeof key === 'string' && MICROSECONDS.test(key) && parseTimestamp(key) !== null,
  (key: unknown) => typeof key === 'string' && UUID.test(key),
];

/** Reads of one agent and lists of agents. */
@Injectable()
export class AgentMetricsQueries {
  private readonly agents: GroupedRead<AgentMetrics>;
  private readonly select: string;

  constructor(
    private readonly transactions: TransactionRunner,
    dataSource: DataSource,
  ) {
    this.select = new AgentStatements(dataSource).find;
    this.agents = new GroupedRead((agentTypes) => this.read(agentTypes));
  }

  async find(agentType: string): Promise<AgentMetrics | null> {
    return this.agents.find(agentType);
  }

  async exists(agentType: string): Promise<boolean> {
    return this.transactions.read((manager) => manager.existsBy(AgentMetrics, { agent_type: agentType }));
  }

  /** Agents in the order of their creation. */
  async list(request: PageRequest): Promise<Page<AgentMetrics>> {
    const { items, next_cursor } = await this.listTypes(request);
    const agents = await this.read(items);
    return { items: items.flatMap((agentType) => agents.get(agentType) ?? []), next_cursor };
  }

  /** Agent types in the order of their creation. */
  async listTypes({ limit = PAGE_LIMIT, cursor }: PageRequest): Promise<Page<string>> {
    const after = cursor === undefined ? [null, null] : decodeCursor(cursor, CREATION_KEY);
    const rows = await this.transactions.read((manager) =>
      manager.query<{ agent_type: string; created_at: string; id: string }[]>(
        `SELECT agent_type, id, to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at
           FROM agent_metrics agent
          WHERE $1::timestamptz IS NULL OR (agent.created_at, agent.id) > ($1::timestamptz, $2::uuid)
          ORDER BY agent.created_at, agent.id LIMIT $3`,
        [...after, limit + 1],
      ),
    );
    const { items, next_cursor } = pageOf(rows, limit, (row) => [row.created_at, row.id]);
    return { items: items.map((row) => row.agent_type), next_cursor };
  }

  private async read(agentTypes: readonly string[]): Promise<Map<string, AgentMetrics>> {
    const rows = await this.transactions.read((manager) => manager.query<AgentMetrics[]>(this.select, [agentTypes]));
    return new Map(rows.map((row) => [row.agent_type, row]));
  }
}
