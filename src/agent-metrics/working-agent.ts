import type { SealedEvent } from '../ledger/hash-chain.js';
import type { AgentState } from '../progression/agent-state.js';
import type { RowChange } from './agent-metrics.repository.js';

/** An agent while commands are carried out: its state and the head of its chain, after the commands so far. */
export class WorkingAgent {
  /**
   * @param state null while the agent doesn't exist
   * @param whole whether the state has the agent's lists and documents; otherwise only what was appended since
   * @param head hash of its newest event
   * @param rowVersion version of its row in the database; null when it has none
   * @param recorded its state before the commands, as the ledger has it; null when it had no event
   */
  constructor(
    readonly state: AgentState | null,
    private readonly whole: boolean,
    readonly head: Buffer | null,
    private readonly rowVersion: number | null,
    private readonly recorded: AgentState | null,
  ) {}

  after(state: AgentState, events: readonly SealedEvent[]): WorkingAgent {
    return new WorkingAgent(state, this.whole, events.at(-1)?.hash ?? this.head, this.rowVersion, this.recorded);
  }

  /** What has to be written so that the row says what the ledger says. */
  rowChange(): RowChange[] {
    if (!this.state || !this.head || this.state.version === this.rowVersion) return [];
    const { state, whole, head: ledgerHash, rowVersion: baseVersion, recorded } = this;
    return [{ state, whole, ledgerHash, baseVersion, recorded }];
  }
}
