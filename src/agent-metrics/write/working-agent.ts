import type { SealedEvent } from '../../ledger/index.js';
import type { AgentState } from '../../progression/index.js';
import type { AgentMetrics } from '../store/agent-metrics.entity.js';
import type { RowChange } from '../store/agent-metrics.repository.js';

interface Parts {
  /** null while the agent doesn't exist */
  state: AgentState | null;
  /** Whether the state has the agent's lists and documents; otherwise only what was appended since. */
  whole: boolean;
  /** Hash of its newest event. */
  head: Buffer | null;
  /** Version of its row in the database; null when it has none. */
  rowVersion: number | null;
  /** Its state before the commands, as the ledger has it; null when it had no event. */
  recorded: AgentState | null;
  /** Its row, which was changed past the service; null when it wasn't. */
  edited: AgentState | null;
  /** Whether that is in the ledger by now. */
  isEditRecorded: boolean;
}

/** An agent while commands are carried out: its state and the head of its chain, after the commands so far. */
export class WorkingAgent {
  static readonly NONE = new WorkingAgent({
    state: null,
    whole: true,
    head: null,
    rowVersion: null,
    recorded: null,
    edited: null,
    isEditRecorded: false,
  });

  /** An agent as its row has it. A row that no event stands for was inserted by hand, whatever its version says. */
  static ofRow(row: AgentMetrics, whole: boolean): WorkingAgent {
    const rowVersion = row.version;
    if (row.ledger_hash === null) {
      const state = Object.assign({}, row, { version: 0 });
      return new WorkingAgent({
        state,
        whole: true,
        head: null,
        rowVersion,
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
      recorded: row,
      edited: null,
      isEditRecorded: false,
    });
  }

  /**
   * An agent as its ledger has it.
   *
   * @param row its row, which was changed past the service; null when it was deleted
   */
  static ofHistory(state: AgentState | null, head: Buffer, row: AgentMetrics | null): WorkingAgent {
    return new WorkingAgent({
      state,
      whole: true,
      head,
      rowVersion: row?.version ?? null,
      recorded: state,
      edited: row,
      isEditRecorded: false,
    });
  }

  private constructor(private readonly parts: Parts) {}

  get state(): AgentState | null {
    return this.parts.state;
  }

  get head(): Buffer | null {
    return this.parts.head;
  }

  /** Its row, which was changed past the service, while the ledger doesn't know; null otherwise. */
  get edited(): AgentState | null {
    return this.parts.isEditRecorded ? null : this.parts.edited;
  }

  after(state: AgentState, events: readonly SealedEvent[]): WorkingAgent {
    const isEditRecorded = this.parts.isEditRecorded || events.length > 0;
    return new WorkingAgent({ ...this.parts, state, head: events.at(-1)?.hash ?? this.head, isEditRecorded });
  }

  /** What has to be written so that the row says what the ledger says. */
  rowChange(): RowChange[] {
    const { state, whole, head: ledgerHash, rowVersion, recorded, edited } = this.parts;
    const writtenVersion = edited === null ? rowVersion : recorded?.version;
    if (!state || !ledgerHash || state.version === writtenVersion) return [];
    return [{ state, whole, ledgerHash, baseVersion: rowVersion, recorded, edited: edited !== null }];
  }
}
