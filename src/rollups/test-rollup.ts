import { Column, PrimaryColumn } from 'typeorm';
import { AGENT_TYPE_MAX_LENGTH } from '../progression/index.js';

/** Value of `agent_type` in the rollups of all agents. Not a valid agent type. */
export const ALL_AGENTS = '*';

/**
 * Sums over tests that are not voided. A trigger on `agent_events` updates them in the transaction that appends the event, for the agent and
 * for all agents. `rebuild_rollups()` computes them from the ledger. Resets and updates of an agent do not change them.
 * The sums are exact: decimal strings of any length, as the driver returns them.
 */
export abstract class TestRollup {
  /** The agent type, or ALL_AGENTS. */
  @PrimaryColumn('varchar', { length: AGENT_TYPE_MAX_LENGTH, collation: 'C' })
  agent_type!: string;

  /** Concurrent transactions write to different slots. The value is the sum over all slots. */
  @PrimaryColumn('smallint')
  slot!: number;

  /** Judged tests: passed or failed. */
  @Column('bigint')
  tests!: string;

  @Column('bigint')
  passed!: string;

  /** Errored tests. The other sums do not include them. */
  @Column('bigint', { default: 0 })
  errored!: string;

  /** Sum of the scores. */
  @Column('numeric')
  score!: string;

  /** Number of tests with a duration. */
  @Column('bigint')
  timed!: string;

  /** Sum of the durations, in seconds. */
  @Column('numeric')
  duration!: string;

  /** General XP awarded by adversarial tests and, in the rollup by hour, by learning. */
  @Column('numeric', { default: 0 })
  xp!: string;

  /** Custody XP awarded by custody tests and, in the rollup by hour, added or subtracted. */
  @Column('numeric', { default: 0 })
  custody_xp!: string;
}
