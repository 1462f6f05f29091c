import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique, type ValueTransformer } from 'typeorm';
import { ApiJsonDocument } from '../../http/validation/index.js';
import { CONSTRAINTS } from '../../database/errors/index.js';
import { isRepresentableTime } from '../../database/values/index.js';
import {
  AGENT_ID_MAX_LENGTH,
  AGENT_TYPE_MAX_LENGTH,
  type AgentState,
  type JsonObject,
  WORD_MAX_LENGTH,
} from '../../progression/index.js';

/** Bytes in the table, hexadecimal digits in the program and on the wire. */
const HEXADECIMAL: ValueTransformer = {
  to: (digits: string | null) => (digits === null ? null : Buffer.from(digits, 'hex')),
  from: (bytes: Buffer | null) => bytes?.toString('hex') ?? null,
};
/** An integer column, documented as one. */
const Count = (least = 0): PropertyDecorator =>
  applyDecorators(Column('integer', { default: least }), ApiProperty({ type: 'integer', minimum: least }));
const EMPTY_LIST = (): string => "'[]'";

/**
 * One agent: the fold of its events in `agent_events`, kept so that reading it is one row.
 * Written by AgentMetricsRepository only, in the transaction that appends the event.
 */
@Entity('agent_metrics')
@Unique(CONSTRAINTS.agentTypeUnique, ['agent_type'])
@Check(CONSTRAINTS.testsAddUp, 'total_tests_given = total_tests_passed + total_tests_failed')
@Check(
  CONSTRAINTS.ratesAreRatios,
  'success_rate BETWEEN 0 AND 1 AND failure_rate BETWEEN 0 AND 1 AND pass_rate BETWEEN 0 AND 1',
)
@Check(
  CONSTRAINTS.nothingNegative,
  "learning_score >= 0 AND learning_score < 'infinity'" +
    ' AND total_learning_cycles >= 0 AND xp >= 0 AND prestige >= 0 AND total_tests_passed >= 0' +
    ' AND total_tests_failed >= 0 AND consecutive_successes >= 0 AND consecutive_failures >= 0' +
    ' AND custody_xp >= 0 AND adversarial_wins >= 0',
)
@Check(CONSTRAINTS.levelsFromOne, 'level >= 1 AND custody_level >= 1')
@Check(
  CONSTRAINTS.listsAreArrays,
  "jsonb_typeof(test_history) = 'array' AND jsonb_typeof(learning_patterns) = 'array'" +
    " AND jsonb_typeof(improvement_suggestions) = 'array'",
)
@Check(
  CONSTRAINTS.timesInRange,
  ['last_learning_cycle', 'last_success', 'last_failure', 'last_test_date', 'created_at', 'updated_at']
    .map(isRepresentableTime)
    .join(' AND '),
)
@Check(CONSTRAINTS.versionsCount, 'version >= 0')
// The overview's pages: ORDER BY created_at, id.
@Index('ix_agent_metrics_creation', ['created_at', 'id'])
// The leaderboard's pages and ranks; it has expressions, which only the migration can say.
@Index('ix_agent_metrics_ranking', { synchronize: false })
export class AgentMetrics implements AgentState {
  /** UUID of the agent. */
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'pk_agent_metrics' })
  id!: string;

  /**
   * Name of the agent itself; `<agent_type>_agent` unless another was given.
   * @example guardian_agent
   */
  @Column('varchar', { length: AGENT_ID_MAX_LENGTH })
  agent_id!: string;

  /**
   * What the agent is called everywhere; capitals are distinct.
   * @example guardian
   */
  @Column({ type: 'varchar', length: AGENT_TYPE_MAX_LENGTH, collation: 'C' })
  agent_type!: string;

  /**
   * Version of the agent: the number of its newest event in the ledger. 0: no event stands behind the row.
   * @example 14
   */
  @Count()
  version!: number;

  /** SHA-256 of the newest event, in hexadecimal: the head of the agent's chain. */
  @Column('bytea', { nullable: true, transformer: HEXADECIMAL })
  ledger_hash!: string | null;

  /**
   * Learning score, 0–1,000,000,000.
   * @example 412.5
   */
  @Column('double precision', { default: 0 })
  learning_score!: number;

  /**
   * Ratio 0–1 that learning reported.
   * @example 0.9
   */
  @Column('double precision', { default: 0 })
  success_rate!: number;

  /**
   * Ratio 0–1: tests failed / tests given, or what learning reported last.
   * @example 0.1
   */
  @Column('double precision', { default: 0 })
  failure_rate!: number;

  /**
   * Ratio 0–1: tests passed / tests given.
   * @example 0.83
   */
  @Column('double precision', { default: 0 })
  pass_rate!: number;

  /**
   * Learning cycles so far.
   * @example 12
   */
  @Count()
  total_learning_cycles!: number;

  /** When the last learning cycle was recorded. */
  @Column('timestamptz', { nullable: true })
  last_learning_cycle!: Date | null;

  /** When a test was last passed. */
  @Column('timestamptz', { nullable: true })
  last_success!: Date | null;

  /** When a test was last failed. */
  @Column('timestamptz', { nullable: true })
  last_failure!: Date | null;

  /**
   * General XP, from learning and adversarial tests.
   * @example 2500
   */
  @Count()
  xp!: number;

  /**
   * Level 1–10 that the XP reached; gaining XP never lowers it.
   * @example 2
   */
  @Count(1)
  level!: number;

  /**
   * Prestige, set by PUT.
   * @example 0
   */
  @Count()
  prestige!: number;

  /**
   * Difficulty of the next tests; follows the custody level.
   * @example basic
   */
  @Column('varchar', { length: WORD_MAX_LENGTH, default: 'basic' })
  current_difficulty!: string;

  /**
   * Tests so far: passed + failed.
   * @example 12
   */
  @Count()
  total_tests_given!: number;

  /**
   * Tests passed.
   * @example 10
   */
  @Count()
  total_tests_passed!: number;

  /**
   * Tests failed.
   * @example 2
   */
  @Count()
  total_tests_failed!: number;

  /**
   * Tests passed in a row up to now; 0 after a failed one.
   * @example 4
   */
  @Count()
  consecutive_successes!: number;

  /**
   * Tests failed in a row up to now; 0 after a passed one.
   * @example 0
   */
  @Count()
  consecutive_failures!: number;

  /** When the newest test ended. */
  @Column('timestamptz', { nullable: true })
  last_test_date!: Date | null;

  /** The newest test results (50 unless set otherwise), oldest first. */
  @Column('jsonb', { default: EMPTY_LIST })
  test_history!: JsonObject[];

  /**
   * Custody level, from 1: level n begins at 50·n·(n−1) custody XP.
   * @example 3
   */
  @Count(1)
  custody_level!: number;

  /**
   * Custody XP, from custody tests.
   * @example 350
   */
  @Count()
  custody_xp!: number;

  /**
   * Adversarial tests won.
   * @example 1
   */
  @Count()
  adversarial_wins!: number;

  /** The newest learning patterns (100 unless set otherwise), oldest first. */
  @Column('jsonb', { default: EMPTY_LIST })
  @ApiProperty({ type: 'array', items: {} })
  learning_patterns!: unknown[];

  /** The newest suggestions (50 unless set otherwise), oldest first. */
  @Column('jsonb', { default: EMPTY_LIST })
  @ApiProperty({ type: 'array', items: {} })
  improvement_suggestions!: unknown[];

  /**
   * Free text: idle, learning, active, success, failed, paused, …
   * @example idle
   */
  @Column('varchar', { length: WORD_MAX_LENGTH, default: 'idle' })
  status!: string;

  /**
   * Whether the agent takes part.
   * @example true
   */
  @Column('boolean', { default: true })
  is_active!: boolean;

  /**
   * Free text.
   * @example medium
   */
  @Column('varchar', { length: WORD_MAX_LENGTH, default: 'medium' })
  priority!: string;

  /** What the agent can do, as any JSON object or array. */
  @Column('jsonb', { nullable: true })
  @ApiJsonDocument()
  capabilities!: unknown;

  /** The agent's settings, as any JSON object or array. */
  @Column('jsonb', { nullable: true })
  @ApiJsonDocument()
  config!: unknown;

  /** When the agent was created. */
  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  /** When its newest event was recorded. */
  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
