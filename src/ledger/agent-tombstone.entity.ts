import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * Record of an erased agent, without its name. Tombstones form a hash chain of their own: see `tombstones.ts`.
 */
@Entity('agent_tombstones')
export class AgentTombstone {
  /** 1, 2, 3, … without gaps. */
  @PrimaryColumn('integer', { primaryKeyConstraintName: 'pk_agent_tombstones' })
  id!: number;

  /** Hash of the agent's newest event; 32 zero bytes if it had none. */
  @Column('bytea')
  head!: Buffer;

  /** Number of erased events, including those of merged agents. */
  @Column('integer')
  events!: number;

  /** Number of erased hash chains of agents that were merged into the agent. */
  @Column('integer')
  merged_chains!: number;

  @Column('timestamptz')
  erased_at!: Date;

  /** Actor; null if unknown. */
  @Column('varchar', { length: 100, nullable: true })
  actor!: string | null;

  /** 1 to 500 characters, without the name of the agent. */
  @Column('varchar', { length: 500 })
  reason!: string;

  /** Hash of the previous tombstone; 32 zero bytes for the first. */
  @Column('bytea')
  prev_hash!: Buffer;

  @Column('bytea')
  hash!: Buffer;
}
