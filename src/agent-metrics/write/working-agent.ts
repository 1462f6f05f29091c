import type { SealedEvent } from '../../ledger/index.js';
import type { AgentState } from '../../progression/index.js';
import type { AgentMetrics } from '../store/agent-metrics.entity.js';
import type { RowChange } from '../store/agent-metrics.repository.js';

const NOTHING_TO_APPEND = { test_history: [], learning_patterns: [], improvement_suggestions: [] };

interface Parts {
  /** null if the agent does not exist. */
  state: AgentState | null;
  /** Whether the state has the agent's lists and documents. Otherwise its lists hold appended items only. */
  whole: boolean;
  /** Hash of the newest event. */
  head: Buffer | null;
  /** Version of the row in the database; null if there is no row. */
  rowVersion: number | null;
  /** Ledger hash of the row; null if it has none, or may have any. */
  rowHash: Buffer | null;
  /** `xmin` of the row; null if it is unknown. */
  rowXmin: string | null;
  /** State before the commands according to the ledger; null if there was no event. */
  recorded: AgentState | null;
  /** Row modified outside the service; null if it was not. */
  edited: AgentState | null;
  /** Whether the modification is recorded in the ledger. */
  isEditRecorded: boolean;
}

/** An agent during the execution of commands: its state and the head of its hash chain. */
export class WorkingAgent {
  static readonly NONE = new WorkingAgent({
    state: null,
    whole: true,
    head: null,
    rowVersion: null,
    rowHash: null,
    rowXmin: null,
    recorded: null,
    edited: null,
    isEditRecorded: false,
  });

  /** Creates an agent from its row. A row without a ledger hash was inserted manually, regardless of its version. */
  static ofRow(row: AgentMetrics, whole: boolean): WorkingAgent {
    const rowVersion = row.version;
    if (row.ledger_hash === null) {
      const state = Object.assign({}, row, { version: 0 });
      return new WorkingAgent({
        state,
        whole: true,
        head: null,
        rowVersion,
        rowHash: null,
        rowXmin: null,
        recorded: null,
        edited: null,
        isEditRecorded: false,
      });
    }
    const head = Buffer.from(row.ledger_hash, 'hex');
    return new WorkingAgent({
      state: row,
      whole,
      head,
      rowVersion,
      rowHash: head,
      rowXmin: null,
      recorded: row,
      edited: null,
      isEditRecorded: false,
    });
  }

  /**
   * Creates an agent from its ledger.
   *
   * @param row row that was modified outside the service; null if it was deleted
   */
  static ofHistory(state: AgentState | null, head: Buffer, row: AgentMetrics | null): WorkingAgent {
    return new WorkingAgent({
      state,
      whole: true,
      head,
      rowVersion: row?.version ?? null,
      rowHash: null,
      rowXmin: null,
      recorded: state,
      edited: row,
      isEditRecorded: false,
    });
  }

  private constructor(private readonly parts: Parts) {}

  get state(): AgentState | null {
    return this.parts.state;
  }

  /** Whether the state has the agent's lists and documents. */
  get isWhole(): boolean {
    return this.parts.whole;
  }

  get head(): Buffer | null {
    return this.parts.head;
  }

  /** Row modified outside the service, if the modification is not yet recorded; otherwise null. */
  get edited(): AgentState | null {
    return this.parts.isEditRecorded ? null : this.parts.edited;
  }

  after(state: AgentState, events: readonly SealedEvent[]): WorkingAgent {
    const isEditRecorded = this.parts.isEditRecorded || events.length > 0;
    return new WorkingAgent({ ...this.parts, state, head: events.at(-1)?.hash ?? this.head, isEditRecorded });
  }

  /**
   * The agent after the commit of its changes; null if its row may have values that are not in the ledger.
   *
   * @param rowXmin `xmin` of the written row; null if it is unknown
   */
  afterCommit(rowXmin: string | null): WorkingAgent | null {
    const { state, whole, head, edited } = this.parts;
    if (!state || !head || edited !== null) return null;
    const recorded = whole ? state : { ...state, ...NOTHING_TO_APPEND };
    return new WorkingAgent({
      ...this.parts,
      state: recorded,
      rowVersion: state.version,
      rowHash: head,
      rowXmin,
      recorded,
    });
  }

  /** The agent without its lists and documents, as it is read for most commands. */
  withoutLists(): WorkingAgent {
    const { state, whole } = this.parts;
    if (!whole || !state) return this;
    const light = { ...state, ...NOTHING_TO_APPEND, capabilities: null, config: null };
    return new WorkingAgent({ ...this.parts, state: light, whole: false, recorded: light });
  }

  /** Returns the write that brings the row up to date with the ledger; empty if none is needed. */
  rowChange(): RowChange[] {
    const {
      state,
      whole,
      head: ledgerHash,
      rowVersion,
      rowHash: baseHash,
      rowXmin: baseXmin,
      recorded,
      edited,
    } = this.parts;
    const writtenVersion = edited === null ? rowVersion : recorded?.version;
    if (!state || !ledgerHash || state.version === writtenVersion) return [];
    return [
      { state, whole, ledgerHash, baseVersion: rowVersion, baseHash, baseXmin, recorded, edited: edited !== null },
    ];
  }
}
