import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { SETTINGS, type Settings } from '../../config/index.js';
import { toByteaText } from '../../database/values/index.js';
import { ConcurrentChangeError } from '../../database/errors/index.js';
import { STORAGE_FORM, type StorageForm } from '../../database/storage/index.js';
import { awaitPipelined } from '../../database/client/index.js';
import type { AgentState } from '../../progression/index.js';
import type { AgentMetrics } from './agent-metrics.entity.js';
import { AgentStatements } from './agent-statements.js';

/** A row to write: the agent's new state, and the version that the row must still have (null: there must be no row). */
export interface RowChange {
  state: AgentState;
  /** Whether the state is whole. Otherwise its lists hold what is to be appended, and its documents are left as they are. */
  whole: boolean;
  ledgerHash: Buffer;
  baseVersion: number | null;
  /** The agent as the ledger had it before; null when it had no event. */
  recorded: AgentState | null;
  /** Whether the row was changed past the service, so that also what stays as it was made has to be written. */
  edited: boolean;
}

/** $1 values of `agent_id`, in an order that all transactions have. */
const LOCK_AGENT_IDS = `
  SELECT pg_advisory_xact_lock(hashtextextended(agent_id, 7265118402332)) FROM unnest($1::text[]) agent_id`;

/** Writes of `agent_metrics`. Each takes the manager whose transaction it belongs to. */
@Injectable()
export class AgentMetricsRepository {
  private readonly statements: AgentStatements;
  private readonly windows: number[];

  constructor(
    dataSource: DataSource,
    @Inject(SETTINGS) { rules: { windows } }: Settings,
    @Inject(STORAGE_FORM) private readonly storage: StorageForm,
  ) {
    this.statements = new AgentStatements(dataSource, storage);
    this.windows = [windows.testHistory, windows.learningPatterns, windows.improvementSuggestions];
  }

  /**
   * Locks these agents until the transaction ends, always in the same order, and returns their rows. Agents without row are
   * left out. Only those named in `whole` come with their lists and documents, which take most of the time.
   */
  async lock(
    manager: EntityManager,
    agentTypes: readonly string[],
    whole: readonly string[],
  ): Promise<Map<string, AgentMetrics>> {
    const { lockNames, lock } = this.statements;
    const locked = lockNames === null ? null : manager.query(lockNames, [agentTypes]);
    const [, rows] = await awaitPipelined(
      Promise.resolve(locked),
      manager.query<AgentMetrics[]>(lock, [agentTypes, whole]),
    );
    return new Map(rows.map((row) => [row.agent_type, row]));
  }

  /**
   * Those of the values of `agent_id` that agents other than the one that asks have. Until the transaction ends nobody else
   * gets one of these values.
   */
  async findTakenAgentIds(manager: EntityManager, asked: ReadonlyMap<string, string>): Promise<Set<string>> {
    const agentIds = [...new Set(asked.values())].sort();
    const [, rows] = await awaitPipelined(
      manager.query(LOCK_AGENT_IDS, [agentIds]),
      manager.query<{ agent_id: string; agent_type: string }[]>(
        'SELECT agent_id, agent_type FROM agent_metrics WHERE agent_id = ANY($1)',
        [agentIds],
      ),
    );
    return new Set(
      rows.filter(({ agent_id, agent_type }) => asked.get(agent_type) !== agent_id).map(({ agent_id }) => agent_id),
    );
  }

  /**
   * Writes the rows, and what they add to the rollups.
   *
   * @throws ConcurrentChangeError when a row isn't at the version it was read at, or appeared meanwhile
   */
  async save(manager: EntityManager, changes: readonly RowChange[]): Promise<void> {
    const created = changes.filter(({ baseVersion }) => baseVersion === null);
    if (created.length > 0) {
      const inserting = manager.query<unknown[]>(this.statements.insert, [toJson(created)]);
      const [rows] = await awaitPipelined(inserting, this.rollUp(manager, created));
      assertAllWritten(rows.length, created);
    }
    const known = changes.filter(({ baseVersion }) => baseVersion !== null);
    const edited = known.filter((change) => change.edited);
    if (edited.length > 0) await this.update(manager, this.statements.restore, edited, []);
    const replaced = known.filter((change) => change.whole && !change.edited);
    if (replaced.length > 0) await this.update(manager, this.statements.replace, replaced, []);
    const appended = known.filter(({ whole }) => !whole);
    if (appended.length > 0) await this.update(manager, this.statements.append, appended, this.windows);
  }

  /**
   * Writes rows as the ledger makes them, whatever they were.
   *
   * @throws ConcurrentChangeError as `save`
   */
  async restore(manager: EntityManager, changes: readonly RowChange[]): Promise<void> {
    const missing = changes.filter(({ baseVersion }) => baseVersion === null);
    await this.save(manager, missing);
    const known = changes.filter(({ baseVersion }) => baseVersion !== null);
    if (known.length === 0) return;
    // Otherwise a row whose version and hash are right would count as edited by this very write.
    await manager.query(this.statements.unmark, [known.map(({ state }) => state.agent_type)]);
    await this.update(manager, this.statements.restore, known, []);
  }

  private async update(
    manager: EntityManager,
    statement: string,
    changes: readonly RowChange[],
    parameters: readonly unknown[],
  ): Promise<void> {
    const updating = manager.query<[unknown[], number]>(statement, [
      toJson(changes),
      changes.map(({ state }) => state.agent_type),
      changes.map(({ baseVersion }) => baseVersion),
      ...parameters,
    ]);
    const [[, written]] = await awaitPipelined(updating, this.rollUp(manager, changes));
    assertAllWritten(written, changes);
  }

  private async rollUp(manager: EntityManager, changes: readonly RowChange[]): Promise<void> {
    const before = changes.flatMap(({ recorded }) => recorded ?? []);
    const after = changes.map(({ state }) => state);
    await this.storage.replaceInRollups(manager, before, after);
  }
}

function toJson(changes: readonly RowChange[]): string {
  return JSON.stringify(changes.map(({ state, ledgerHash }) => ({ ...state, ledger_hash: toByteaText(ledgerHash) })));
}

function assertAllWritten(written: number, changes: readonly RowChange[]): void {
  if (written !== changes.length) {
    throw new ConcurrentChangeError(`${changes.length - written} agents were changed by another transaction`);
  }
}
