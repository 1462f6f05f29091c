import { Column, Entity, Generated, Index, PrimaryColumn } from 'typeorm';
import { CONSTRAINTS } from '../database/errors/index.js';
import { AGENT_TYPE_MAX_LENGTH, type EventResult, type JsonObject } from '../progression/index.js';

/**
 * One entry of the append-only ledger: a change to one agent, chained to the one before by its hash (`hash-chain.ts`).
 * No foreign key to `agent_metrics`: the ledger outlives the row, which can be rebuilt from it.
 */
@Entity('agent_events')
// Finds the first answer to a repeated Idempotency-Key; few events have one.
@Index(CONSTRAINTS.idempotencyKeyUnique, ['agent_type', 'idempotency_key'], {
  unique: true,
  where: 'idempotency_key IS NOT NULL',
})
// The newest tests of all agents, by their type.
@Index('ix_agent_events_tests', ['type', 'occurred_at', 'id'], {
  where: "type IN ('custody_test', 'adversarial_test')",
})
export class AgentEventRecord {
  @PrimaryColumn('varchar', {
    length: AGENT_TYPE_MAX_LENGTH,
    collation: 'C',
    primaryKeyConstraintName: CONSTRAINTS.eventKey,
  })
  agent_type!: string;

  /** 1, 2, 3, … per agent, without gaps. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: CONSTRAINTS.eventKey })
  version!: number;

  /** Position in a feed of all agents. Assigned in order of insertion, which isn't the order of commit. */
  @Column('bigint')
  @Generated('increment')
  id!: string;

  /** Transaction that wrote the event: a feed reads only those older than every running one. */
  @Column('bigint', { default: () => 'txid_current()' })
  transaction_id!: string;

  @Column('varchar', { length: 20 })
  type!: string;

  /** The command as it was accepted (`progression/events.ts`). */
  @Column('jsonb')
  payload!: JsonObject;

  /** What it led to, which the answer was made of: the agent's numbers after it, and whether it created the agent. */
  @Column('jsonb')
  result!: EventResult;

  @Column('smallint')
  rules_version!: number;

  /** Who asked for it, where that is known. */
  @Column('varchar', { length: 100, nullable: true })
  actor!: string | null;

  /** The key that the client gave its request, where it gave one; of several events the last has it. */
  @Column('varchar', { length: 255, nullable: true })
  idempotency_key!: string | null;

  /** SHA-256 of the request that came with the key. */
  @Column('bytea', { nullable: true })
  request_hash!: Buffer | null;

  @Column('timestamptz')
  occurred_at!: Date;

  @Column('timestamptz')
  recorded_at!: Date;

  /** Hash of the agent's event before; 32 zero bytes for its first. */
  @Column('bytea')
  prev_hash!: Buffer;

  @Column('bytea')
  hash!: Buffer;
}
