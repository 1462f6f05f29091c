import type { SealedEvent } from '../../ledger/index.js';
import type { RowChange } from '../store/agent-metrics.repository.js';
import type { RecordedChange } from './unit-of-work.js';
import type { WorkingAgent } from './working-agent.js';

/** Outcome of a unit of work: one change per command, or the error. */
export type Outcome = { error: null; changes: RecordedChange[] } | { error: Error };

/** Units of work that are decided, but not written. */
export interface DecidedRound {
  /** One for each unit, in the same order. */
  outcomes: Outcome[];
  changes: RowChange[];
  events: SealedEvent[];
  /** The agents after the round. */
  agents: ReadonlyMap<string, WorkingAgent>;
}
