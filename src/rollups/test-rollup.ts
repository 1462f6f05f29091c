import { Column, PrimaryColumn } from 'typeorm';
import { AGENT_TYPE_MAX_LENGTH } from '../progression/index.js';

/** Stands in place of an agent type where tests of all agents are added up. No agent can be called that. */
export const ALL_AGENTS = '*';

/**
 * Tests that were added up. A trigger on `agent_events` keeps it, in the transaction that appends the event, for the
 * agent and for all agents; `rebuild_rollups()` makes it anew from the ledger. What was tested stays tested: resets and
 * updates of an agent change nothing here. Numbers are decimals of any length, as the driver gives them: sums are exact.
 */
export abstract class TestRollup {
  /** The agent's, or ALL_AGENTS. */
  @PrimaryColumn('varchar', { length: AGENT_TYPE_MAX_LENGTH, collation: 'C' })
  agent_type!: string;

  /** Transactions that run at the same time add to rows of their own: what counts is the sum over all slots. */
  @PrimaryColumn('smallint')
  slot!: number;

  @Column('bigint')
  tests!: string;

  @Column('bigint')
  passed!: string;

  /** Sum of the scores. */
  @Column('numeric')
  score!: string;

  /** Tests that say how long they took. */
  @Column('bigint')
  timed!: string;

  /** Sum of their durations in seconds. */
  @Column('numeric')
  duration!: string;
}
