import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ConcurrentChangeError } from '../database/concurrent-change.error.js';
import { CONSTRAINTS } from '../database/constraints.js';
import { jsonRows } from '../database/json-rows.js';
import type { AgentState } from '../progression/agent-state.js';
import { AgentMetrics } from './agent-metrics.entity.js';
import { agentRowColumns } from './agent-rows.js';

/** A row to write: the agent's new state, and the version that the row must still have (null: there must be no row). */
export interface RowChange {
  state: AgentState;
  ledgerHash: Buffer;
  baseVersion: number | null;
}

/** What stays as it was made. */
const IMMUTABLE_COLUMNS = ['id', 'agent_type', 'created_at'];

/** Writes of `agent_metrics`. Each takes the manager whose transaction it belongs to. */
@Injectable()
export class AgentMetricsRepository {
  private readonly lockSql: string;
  private readonly insertSql: string;
  private readonly updateSql: string;

  constructor(dataSource: DataSource) {
    const columns = dataSource.getMetadata(AgentMetrics).columns.map(({ databaseName }) => databaseName);
    const assignments = columns
      .filter((column) => !IMMUTABLE_COLUMNS.includes(column))
      .map((column) => `${column} = row.${column}`);
    this.lockSql = `
      SELECT ${agentRowColumns(dataSource)} FROM agent_metrics
       WHERE agent_type = ANY($1) ORDER BY agent_type FOR UPDATE`;
    this.insertSql = `
      INSERT INTO agent_metrics (${columns.join(', ')})
      SELECT ${columns.join(', ')} FROM jsonb_populate_recordset(NULL::agent_metrics, $1)
      ON CONFLICT ON CONSTRAINT ${CONSTRAINTS.agentTypeUnique} DO NOTHING
      RETURNING agent_type`;
    this.updateSql = `
      UPDATE agent_metrics agent SET ${assignments.join(', ')}
      FROM jsonb_populate_recordset(NULL::agent_metrics, $1) row
      JOIN unnest($2::text[], $3::integer[]) base (agent_type, version) ON base.agent_type = row.agent_type
      WHERE agent.agent_type = row.agent_type AND agent.version = base.version
      RETURNING agent.agent_type`;
  }

  /** Locks the rows of these agents until the transaction ends, always in the same order. Agents without row are left out. */
  async lock(manager: EntityManager, agentTypes: readonly string[]): Promise<Map<string, AgentMetrics>> {
    const rows = await manager.query<AgentMetrics[]>(this.lockSql, [agentTypes]);
    return new Map(rows.map((row) => [row.agent_type, row]));
  }

  /**
   * Writes the rows.
   *
   * @throws ConcurrentChangeError when a row isn't at the version it was read at, or appeared meanwhile
   */
  async save(manager: EntityManager, changes: readonly RowChange[]): Promise<void> {
    const created = changes.filter(({ baseVersion }) => baseVersion === null);
    if (created.length > 0) {
      const rows = await manager.query<unknown[]>(this.insertSql, [jsonRows(created.map(rowOf))]);
      assertAllWritten(rows, created);
    }
    const updated = changes.filter(({ baseVersion }) => baseVersion !== null);
    if (updated.length > 0) {
      const [rows] = await manager.query<[unknown[], number]>(this.updateSql, [
        jsonRows(updated.map(rowOf)),
        updated.map(({ state }) => state.agent_type),
        updated.map(({ baseVersion }) => baseVersion),
      ]);
      assertAllWritten(rows, updated);
    }
  }
}

function rowOf({ state, ledgerHash }: RowChange): object {
  return { ...state, ledger_hash: ledgerHash };
}

function assertAllWritten(rows: readonly unknown[], changes: readonly RowChange[]): void {
  if (rows.length !== changes.length) {
    throw new ConcurrentChangeError(`${changes.length - rows.length} agents were changed by another transaction`);
  }
}
