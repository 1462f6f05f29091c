import { Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';
import { CONSTRAINTS } from '../database/errors/index.js';
import { AGENT_TYPE_MAX_LENGTH, type JsonObject } from '../progression/index.js';
import { EventMetrics } from './event-metrics.js';
import type { StoredResult } from './stored-result.js';

/**
 * Event of the append-only ledger: a change to one agent, linked to the previous event by its hash (`hash-chain.ts`).
 * No foreign key to `agent_metrics`: the metrics row may be deleted, and can be rebuilt from the ledger.
 */
@Entity('agent_events')
// Finds the recorded event of an idempotency key. Partial: few events have a key.
@Index(CONSTRAINTS.idempotencyKeyUnique, ['agent_type', 'idempotency_key'], {
  unique: true,
  where: 'idempotency_key IS NOT NULL',
})
// An event is voided at most once. An expression index: TypeORM ignores it.
@Index('uq_agent_events_voided', { synchronize: false })
@Index('ix_agent_events_merged', { synchronize: false })
// Tests with evidence, by agent.
@Index('ix_agent_events_evidence', ['agent_type', 'version'], { where: "payload ? 'evidence'" })
// Tests by a field of their evidence. Expression indexes: TypeORM ignores them.
@Index('ix_agent_events_run_id', { synchronize: false })
@Index('ix_agent_events_agent_version', { synchronize: false })
// The newest tests of all agents, by type.
@Index('ix_agent_events_tests', ['type', 'occurred_at', 'id'], {
  where: "type IN ('custody_test', 'adversarial_test')",
})
// Events in the order of the feed.
@Index('ix_agent_events_id', ['id'])
export class AgentEventRecord extends EventMetrics {
  @PrimaryColumn('varchar', {
    length: AGENT_TYPE_MAX_LENGTH,
    collation: 'C',
    primaryKeyConstraintName: CONSTRAINTS.eventKey,
  })
  agent_type!: string;

  /** 1, 2, 3, … per agent, without gaps. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: CONSTRAINTS.eventKey })
  version!: number;

  /** Name that the agent had when the event was recorded, which its hash covers. Null: `agent_type`. */
  @Column({ type: 'varchar', length: AGENT_TYPE_MAX_LENGTH, collation: 'C', nullable: true })
  recorded_as!: string | null;

  /** Assigned in order of insertion, which may differ from the order of commit. `src/feed/` maps it to a position. */
  @Column('bigint')
  @Generated('increment')
  id!: string;

  /** Transaction that wrote the event. */
  @Column('bigint', { default: () => 'txid_current()' })
  transaction_id!: string;

  @Column('varchar', { length: 20 })
  type!: string;

  /** The accepted command (`progression/events.ts`). */
  @Column('jsonb')
  payload!: JsonObject;

  /** Result of the event without the snapshot, which is in columns. The view `ledger_events` has it as a whole. */
  @Column('jsonb')
  result!: StoredResult;

  @Column('smallint')
  rules_version!: number;

  /** Actor; null if unknown. */
  @Column('varchar', { length: 100, nullable: true })
  actor!: string | null;

  /** Idempotency key of the request; null if it has none. Of several events of a request, only the last has the key. */
  @Column('varchar', { length: 255, nullable: true })
  idempotency_key!: string | null;

  /** SHA-256 of the request; null if it has no idempotency key. */
  @Column('bytea', { nullable: true })
  request_hash!: Buffer | null;

  @Column('timestamptz')
  occurred_at!: Date;

  @Column('timestamptz')
  recorded_at!: Date;

  /** Hash of the agent's previous event; 32 zero bytes for the first. */
  @Column('bytea')
  prev_hash!: Buffer;

  @Column('bytea')
  hash!: Buffer;
}
