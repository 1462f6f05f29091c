import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { CONSTRAINTS } from '../database/errors/index.js';
import type { Scope } from '../http/access/index.js';

/** An API key. Only its hash is stored. Revoked keys are kept. */
@Entity('api_keys')
// One current key for each name. Earlier keys of the name are revoked or rotated.
@Index(CONSTRAINTS.keyNameUnique, ['name'], { unique: true, where: 'revoked_at IS NULL AND rotated_at IS NULL' })
export class ApiKey {
  /** Public part of the key: 16 hexadecimal digits. */
  @PrimaryColumn('varchar', { length: 16, primaryKeyConstraintName: 'pk_api_keys' })
  id!: string;

  /** Recorded as `actor` of events. */
  @Column('varchar', { length: 64 })
  name!: string;

  @Column('varchar', { length: 10 })
  scope!: Scope;

  /** Agents that the key may access: agent types, and prefixes followed by `*`. Null: all agents. */
  @Column('text', { array: true, nullable: true })
  agents!: string[] | null;

  /** SHA-256 of the whole key. */
  @Column('bytea')
  key_hash!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  /** Time from which the key is refused; null: never. */
  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;

  /** Time at which the key was replaced. */
  @Column('timestamptz', { nullable: true })
  rotated_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  revoked_at!: Date | null;

  /** Time of the last use, accurate to the minute; null: never. */
  @Column('timestamptz', { nullable: true })
  last_used_at!: Date | null;
}
