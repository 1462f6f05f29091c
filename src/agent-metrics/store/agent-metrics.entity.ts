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

/** bytea in the table, hexadecimal text in memory and in JSON. */
const HEXADECIMAL: ValueTransformer = {
  to: (digits: string | null) => (digits === null ? null : Buffer.from(digits, 'hex')),
  from: (bytes: Buffer | null) => bytes?.toString('hex') ?? null,
};
/** Integer column with its OpenAPI type. */
const Count = (least = 0): PropertyDecorator =>
  applyDecorators(Column('integer', { default: least }), ApiProperty({ type: 'integer', minimum: least }));
const EMPTY_LIST = (): string => "'[]'";

/**
 * Metrics of an agent: the fold of its events in `agent_events`.
 * Written only by AgentMetricsRepository, in the transaction that appends the event.
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
// Pages of the overview: ORDER BY created_at, id.
@Index('ix_agent_metrics_creation', ['created_at', 'id'])
// Pages and ranks of the leaderboard. An index on expressions, defined in the schema migration.
@Index('ix_agent_metrics_ranking', { synchronize: false })
export class AgentMetrics implements AgentState {
  /** UUID of the agent. */
  @PrimaryGeneratedColumn('uuid', { primaryKeyConstraintName: 'pk_agent_metrics' })
  id!: string;

  /**
   * Unique name of the agent. Default: `<agent_type>_agent`.
   * @example guardian_agent
   */
  @Column('varchar', { length: AGENT_ID_MAX_LENGTH })
  agent_id!: string;

  /**
   * Agent type, the key of the agent. Case-sensitive.
   * @example guardian
   */
  @Column({ type: 'varchar', length: AGENT_TYPE_MAX_LENGTH, collation: 'C' })
  agent_type!: string;

  /**
   * Version of the agent: number of its newest event in the ledger. 0 if the ledger has no event of the agent.
   * @example 14
   */
  @Count()
  version!: number;

  /** SHA-256 of the newest event, 64 hexadecimal digits: head of the agent's hash chain. */
  @Column('bytea', { nullable: true, transformer: HEXADECIMAL })
  ledger_hash!: string | null;

  /**
   * Learning score, 0–1,000,000,000.
   * @example 412.5
   */
  @Column('double precision', { default: 0 })
  learning_score!: number;

  /**
   * Success rate reported by learning, 0–1.
   * @example 0.9
   */
  @Column('double precision', { default: 0 })
  success_rate!: number;

  /**
   * Failure rate, 0–1: tests failed / tests given, or the last value reported by learning.
   * @example 0.1
   */
  @Column('double precision', { default: 0 })
  failure_rate!: number;

  /**
   * Pass rate, 0–1: tests passed / tests given.
   * @example 0.83
   */
  @Column('double precision', { default: 0 })
  pass_rate!: number;

  /**
   * Number of learning cycles.
   * @example 12
   */
  @Count()
  total_learning_cycles!: number;

  /** Time of the last learning cycle. */
  @Column('timestamptz', { nullable: true })
  last_learning_cycle!: Date | null;

  /** End of the last passed test. */
  @Column('timestamptz', { nullable: true })
  last_success!: Date | null;

  /** End of the last failed test. */
  @Column('timestamptz', { nullable: true })
  last_failure!: Date | null;

  /**
   * General XP, from learning and adversarial tests.
   * @example 2500
   */
  @Count()
  xp!: number;

  /**
   * Level, 1–10, from XP. XP changes never lower it.
   * @example 2
   */
  @Count(1)
  level!: number;

  /**
   * Prestige, ≥ 0. Set by updates only.
   * @example 0
   */
  @Count()
  prestige!: number;

  /**
   * Difficulty of the next tests, from the custody level.
   * @example basic
   */
  @Column('varchar', { length: WORD_MAX_LENGTH, default: 'basic' })
  current_difficulty!: string;

  /**
   * Number of tests: passed + failed.
   * @example 12
   */
  @Count()
  total_tests_given!: number;

  /**
   * Number of tests passed.
   * @example 10
   */
  @Count()
  total_tests_passed!: number;

  /**
   * Number of tests failed.
   * @example 2
   */
  @Count()
  total_tests_failed!: number;

  /**
   * Current number of consecutive tests passed; 0 after a failed test.
   * @example 4
   */
  @Count()
  consecutive_successes!: number;

  /**
   * Current number of consecutive tests failed; 0 after a passed test.
   * @example 0
   */
  @Count()
  consecutive_failures!: number;

  /** End of the newest test. */
  @Column('timestamptz', { nullable: true })
  last_test_date!: Date | null;

  /** The newest test results (default 50, configurable), oldest first. */
  @Column('jsonb', { default: EMPTY_LIST })
  test_history!: JsonObject[];

  /**
   * Custody level, ≥ 1. Level n begins at 50·n·(n−1) custody XP.
   * @example 3
   */
  @Count(1)
  custody_level!: number;

  /**
   * Custody XP, ≥ 0, from custody tests.
   * @example 350
   */
  @Count()
  custody_xp!: number;

  /**
   * Number of adversarial tests won.
   * @example 1
   */
  @Count()
  adversarial_wins!: number;

  /** The newest learning patterns (default 100, configurable), oldest first. */
  @Column('jsonb', { default: EMPTY_LIST })
  @ApiProperty({ type: 'array', items: {} })
  learning_patterns!: unknown[];

  /** The newest improvement suggestions (default 50, configurable), oldest first. */
  @Column('jsonb', { default: EMPTY_LIST })
  @ApiProperty({ type: 'array', items: {} })
  improvement_suggestions!: unknown[];

  /**
   * Status, up to 20 characters, for example idle, learning, active, success, failed or paused.
   * @example idle
   */
  @Column('varchar', { length: WORD_MAX_LENGTH, default: 'idle' })
  status!: string;

  /**
   * Whether the agent is active.
   * @example true
   */
  @Column('boolean', { default: true })
  is_active!: boolean;

  /**
   * Priority, up to 20 characters, for example medium.
   * @example medium
   */
  @Column('varchar', { length: WORD_MAX_LENGTH, default: 'medium' })
  priority!: string;

  /** Capabilities of the agent: a JSON object, an array, or null. */
  @Column('jsonb', { nullable: true })
  @ApiJsonDocument()
  capabilities!: unknown;

  /** Configuration of the agent: a JSON object, an array, or null. */
  @Column('jsonb', { nullable: true })
  @ApiJsonDocument()
  config!: unknown;

  /** Time of creation. */
  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  /** Time at which the newest event was recorded. */
  @Column('timestamptz', { default: () => 'now()' })
  updated_at!: Date;
}
