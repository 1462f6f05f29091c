/** A deviation from the ledger. */
export interface Difference {
  /** The agent type; `*` for sums over all agents. */
  agent_type: string;
  /** Where the difference is. */
  in: 'event' | 'row' | 'alias' | 'rollup' | 'tombstone';
  /** Version of the event, or number of the tombstone. */
  version?: number;
  /** Description of the difference. */
  problem: string;
}
