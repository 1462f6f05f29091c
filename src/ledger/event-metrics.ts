import { Column } from 'typeorm';
import { type AgentSnapshot, WORD_MAX_LENGTH } from '../progression/index.js';

/**
 * Snapshot of the agent after an event, as columns of `agent_events`: as JSON it took half of the table. The names are those
 * of `agent_metrics`. All are null in an event that has the snapshot in `result`: it was recorded before the columns
 * existed, or was imported and has values of other types.
 */
export abstract class EventMetrics implements Record<keyof AgentSnapshot, unknown> {
  @Column('double precision', { nullable: true })
  learning_score!: number | null;

  @Column('double precision', { nullable: true })
  success_rate!: number | null;

  @Column('double precision', { nullable: true })
  failure_rate!: number | null;

  @Column('double precision', { nullable: true })
  pass_rate!: number | null;

  @Column('integer', { nullable: true })
  total_learning_cycles!: number | null;

  @Column('integer', { nullable: true })
  xp!: number | null;

  @Column('integer', { nullable: true })
  level!: number | null;

  @Column('integer', { nullable: true })
  prestige!: number | null;

  @Column('integer', { nullable: true })
  total_tests_given!: number | null;

  @Column('integer', { nullable: true })
  total_tests_passed!: number | null;

  @Column('integer', { nullable: true })
  total_tests_failed!: number | null;

  @Column('integer', { nullable: true })
  consecutive_successes!: number | null;

  @Column('integer', { nullable: true })
  consecutive_failures!: number | null;

  @Column('integer', { nullable: true })
  custody_level!: number | null;

  @Column('integer', { nullable: true })
  custody_xp!: number | null;

  @Column('integer', { nullable: true })
  adversarial_wins!: number | null;

  @Column('varchar', { length: WORD_MAX_LENGTH, nullable: true })
  current_difficulty!: string | null;

  @Column('varchar', { length: WORD_MAX_LENGTH, nullable: true })
  status!: string | null;

  @Column('varchar', { length: WORD_MAX_LENGTH, nullable: true })
  priority!: string | null;

  @Column('boolean', { nullable: true })
  is_active!: boolean | null;
}
