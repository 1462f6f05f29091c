import { Column, Entity, PrimaryColumn } from 'typeorm';
import { WORD_MAX_LENGTH } from '../progression/index.js';

/**
 * Sums over the current metrics rows, by difficulty. Triggers on `agent_metrics` update them on every write. As in
 * TestRollup, the value is the sum over all slots, and the sums are exact.
 */
@Entity('agent_rollups')
export class AgentRollup {
  @PrimaryColumn('varchar', { length: WORD_MAX_LENGTH })
  current_difficulty!: string;

  @PrimaryColumn('smallint')
  slot!: number;

  @Column('bigint')
  agents!: string;

  @Column('bigint')
  active_agents!: string;

  @Column('numeric')
  learning_score!: string;

  @Column('bigint')
  learning_cycles!: string;

  @Column('bigint')
  xp!: string;

  /** Sum of the levels. */
  @Column('bigint')
  level!: string;

  @Column('bigint')
  tests_passed!: string;

  @Column('bigint')
  tests_failed!: string;

  @Column('bigint')
  adversarial_wins!: string;

  @Column('bigint')
  custody_xp!: string;

  /** Sum of the custody levels. */
  @Column('bigint')
  custody_level!: string;
}
