import type { Session } from '../../database/transactions/index.js';
import { Inject, Injectable } from '@nestjs/common';
import { toByteaText } from '../../database/values/index.js';
import { ConcurrentChangeError } from '../../database/errors/index.js';
import { LOCK_AGENTS, STORAGE_FORM, type StorageForm } from '../../database/storage/index.js';
import { awaitPipelined } from '../../database/client/index.js';
import type { AgentState } from '../../progression/index.js';
import type { AgentMetrics } from './agent-metrics.entity.js';
import { AGENT_METRICS_SETTINGS, type AgentMetricsSettings } from '../settings.js';
import { type AgentRow, AgentStatements } from './agent-statements.js';

/** A row to write: new state, and the expected version of the row (null: the row must not exist). */
export interface RowChange {
  state: AgentState;
  /** Whether the state is complete. Otherwise its lists hold items to append, and the documents are unchanged. */
  whole: boolean;
  ledgerHash: Buffer;
  baseVersion: number | null;
  /** Expected ledger hash of the row, which a manual edit clears; null: any. */
  baseHash: Buffer | null;
  /** Expected `xmin` of the row, which every write changes; null: any. */
  baseXmin: string | null;
  /** Previous state according to the ledger; null if there was no event. */
  recorded: AgentState | null;
  /** Whether the row was modified outside the service. Immutable columns are then written, too. */
  edited: boolean;
}

/** A statement and its parameters, $1 and so on. */
export interface BuiltStatement {
  text: string;
  parameters: unknown[];
}

/** $1 values of `agent_id`, sorted to avoid deadlocks. */
const LOCK_AGENT_IDS = `
  SELECT pg_advisory_xact_lock(hashtextextended(agent_id, 7265118402332)) FROM unnest($1::text[]) agent_id`;

/** One statement: agents are created and erased with their events. */
const FIND_MISSING = `
  SELECT name AS agent_type FROM unnest($1::text[]) name
   WHERE EXISTS (SELECT FROM agent_events event WHERE event.agent_type = name)
     AND NOT EXISTS (SELECT FROM agent_metrics agent WHERE agent.agent_type = name)`;

const FIND_ALIASES = 'SELECT name, agent_type FROM agent_aliases WHERE name = ANY($1)';

/** Writes `agent_metrics`, in the transaction of the given session. */
@Injectable()
export class AgentMetricsRepository {
  private readonly statements: AgentStatements;
  private readonly windows: number[];

  constructor(
    @Inject(AGENT_METRICS_SETTINGS) { rules: { windows } }: AgentMetricsSettings,
    @Inject(STORAGE_FORM) private readonly storage: StorageForm,
  ) {
    this.statements = new AgentStatements(storage);
    this.windows = [windows.testHistory, windows.learningPatterns, windows.improvementSuggestions];
  }

  /**
   * Locks agents until the end of the transaction, in a fixed order, and returns their rows. Agents without a row are
   * omitted.
   *
   * @param whole agent types to read with lists and documents, which take most of the time
   */
  async lock(
    session: Session,
    agentTypes: readonly string[],
    whole: readonly string[],
  ): Promise<Map<string, AgentMetrics>> {
    const { lockNames, lock } = this.statements;
    const locked = lockNames === null ? null : session.query(lockNames, [agentTypes]);
    const [, rows] = await awaitPipelined(
      Promise.resolve(locked),
      session.query<AgentMetrics[]>(lock, [agentTypes, whole]),
    );
    return new Map(rows.map((row) => [row.agent_type, row]));
  }

  /**
   * Locks those of the agents that have events and no row, until the end of the transaction, and returns them. The others may
   * have been created since their rows were read. On Citus, `lock` has locked them all.
   */
  async lockMissing(session: Session, agentTypes: readonly string[]): Promise<readonly string[]> {
    if (agentTypes.length === 0 || this.statements.lockNames !== null) return agentTypes;
    await session.query(LOCK_AGENTS, [agentTypes]);
    const missing = await session.query<{ agent_type: string }[]>(FIND_MISSING, [agentTypes]);
    return missing.map(({ agent_type }) => agent_type);
  }

  /**
   * Finds values of `agent_id` that other agents have. Locks the values until the end of the transaction.
   *
   * @param asked requested `agent_id` by agent type
   */
  async findTakenAgentIds(session: Session, asked: ReadonlyMap<string, string>): Promise<Set<string>> {
    const agentIds = [...new Set(asked.values())].sort();
    const [, rows] = await awaitPipelined(
      session.query(LOCK_AGENT_IDS, [agentIds]),
      session.query<{ agent_id: string; agent_type: string }[]>(
        'SELECT agent_id, agent_type FROM agent_metrics WHERE agent_id = ANY($1)',
        [agentIds],
      ),
    );
    return new Set(
      rows.filter(({ agent_id, agent_type }) => asked.get(agent_type) !== agent_id).map(({ agent_id }) => agent_id),
    );
  }

  /** Current names of agents, by earlier names. */
  async findAliases(session: Session, names: readonly string[]): Promise<Map<string, string>> {
    if (names.length === 0) return new Map();
    const aliases = await session.query<{ name: string; agent_type: string }[]>(FIND_ALIASES, [names]);
    return new Map(aliases.map(({ name, agent_type }) => [name, agent_type]));
  }

  /**
   * Writes rows and updates the rollups.
   *
   * @throws ConcurrentChangeError if a row does not have the expected version and hash, or if an agent of its name was created
   *   concurrently
   */
  async save(session: Session, changes: readonly RowChange[]): Promise<void> {
    const created = changes.filter(({ baseVersion }) => baseVersion === null);
    if (created.length > 0) {
      const inserting = this.statements.insert(session, created.map(toRow));
      // After the insertion: an agent of that name may have been created and renamed since the agents were read.
      const finding = this.findAliases(
        session,
        created.map(({ state }) => state.agent_type),
      );
      const checking = awaitPipelined(inserting, finding);
      const [[rows, aliases]] = await awaitPipelined(checking, this.rollUp(session, created));
      assertAllWritten(rows.length - aliases.size, created);
    }
    const known = sort(changes.filter(({ baseVersion }) => baseVersion !== null));
    const edited = known.filter((change) => change.edited);
    if (edited.length > 0) await this.update(session, this.statements.restore, edited, []);
    const replaced = known.filter((change) => change.whole && !change.edited);
    if (replaced.length > 0) await this.update(session, this.statements.replace, replaced, []);
    const appended = known.filter(({ whole }) => !whole);
    if (appended.length > 0)
      await this.update(session, this.statements.append, appended, this.toAppendParameters(appended));
  }

  /**
   * Overwrites rows with the state from the ledger.
   *
   * @throws ConcurrentChangeError see `save`
   */
  async restore(session: Session, changes: readonly RowChange[]): Promise<void> {
    const missing = changes.filter(({ baseVersion }) => baseVersion === null);
    await this.save(session, missing);
    const known = sort(changes.filter(({ baseVersion }) => baseVersion !== null));
    if (known.length === 0) return;
    // Otherwise the write to a row with the right version and hash would be detected as a manual edit.
    await session.query(this.statements.unmark, [known.map(({ state }) => state.agent_type)]);
    await this.update(session, this.statements.restore, known, []);
  }

  /**
   * Deletes the row of a locked agent.
   *
   * @param recorded state of the agent in the rollups; null if there is none
   */
  async remove(session: Session, agentType: string, recorded: AgentState | null): Promise<void> {
    await session.query('DELETE FROM agent_metrics WHERE agent_type = $1', [agentType]);
    if (recorded) await this.storage.replaceInRollups(session, [recorded], []);
  }

  /** The UPDATE of rows that exist and were not edited, of one kind; null for others. It must affect one row for each change. */
  buildUpdate(changes: readonly RowChange[]): BuiltStatement | null {
    const isWhole = changes[0]?.whole;
    if (changes.some(({ whole, edited, baseVersion }) => whole !== isWhole || edited || baseVersion === null))
      return null;
    const sorted = sort(changes);
    return isWhole
      ? { text: this.statements.replace, parameters: toParameters(sorted) }
      : { text: this.statements.append, parameters: [...toParameters(sorted), ...this.toAppendParameters(sorted)] };
  }

  /** $5 to $8 of `append`; on Citus, to $7. */
  private toAppendParameters(changes: readonly RowChange[]): unknown[] {
    if (!this.storage.writesAtOnce) return this.windows;
    return [...this.windows, changes.map(({ baseXmin }) => baseXmin)];
  }

  private async update(
    session: Session,
    statement: string,
    changes: readonly RowChange[],
    parameters: readonly unknown[],
  ): Promise<void> {
    const updating = session.query<[unknown[], number]>(statement, [...toParameters(changes), ...parameters]);
    const [[, written]] = await awaitPipelined(updating, this.rollUp(session, changes));
    assertAllWritten(written, changes);
  }

  private async rollUp(session: Session, changes: readonly RowChange[]): Promise<void> {
    const before = changes.flatMap(({ recorded }) => recorded ?? []);
    const after = changes.map(({ state }) => state);
    await this.storage.replaceInRollups(session, before, after);
  }
}

function toRow({ state, ledgerHash }: RowChange): AgentRow {
  return { ...state, ledger_hash: toByteaText(ledgerHash) };
}

/** Sorts by agent type: rows that are not locked yet are locked in the order of `lock`, to avoid deadlocks. */
function sort(changes: readonly RowChange[]): RowChange[] {
  return [...changes].sort((one, other) => (one.state.agent_type < other.state.agent_type ? -1 : 1));
}

/** $1 to $4 of an UPDATE of sorted changes. */
function toParameters(changes: readonly RowChange[]): unknown[] {
  return [
    JSON.stringify(changes.map(toRow)),
    changes.map(({ state }) => state.agent_type),
    changes.map(({ baseVersion }) => baseVersion),
    changes.map(({ baseHash }) => baseHash && toByteaText(baseHash)),
  ];
}

function assertAllWritten(written: number, changes: readonly RowChange[]): void {
  if (written !== changes.length) {
    throw new ConcurrentChangeError(`${changes.length - written} agents were changed by another transaction`);
  }
}
