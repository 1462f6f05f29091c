/** Something that isn't what the ledger makes of it. */
export interface Difference {
  /** The agent; `*` where it is about all of them. */
  agent_type: string;
  /** Where it was found. */
  in: 'event' | 'row' | 'rollup';
  /** Of an event: its version. */
  version?: number;
  /** What is wrong, in words. */
  problem: string;
}
