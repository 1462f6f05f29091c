import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { CONSTRAINTS } from '../database/errors/index.js';
import type { Scope } from '../http/access/index.js';

/** An API key. What the client sends isn't here, only its hash; rows stay when a key is revoked. */
@Entity('api_keys')
// A name stands for one key; older ones of the name are revoked, or end after a rotation.
@Index(CONSTRAINTS.keyNameUnique, ['name'], { unique: true, where: 'revoked_at IS NULL AND rotated_at IS NULL' })
export class ApiKey {
  /** The part of the key that may be seen: 16 hexadecimal digits. */
  @PrimaryColumn('varchar', { length: 16, primaryKeyConstraintName: 'pk_api_keys' })
  id!: string;

  /** The `actor` of the events that it writes. */
  @Column('varchar', { length: 64 })
  name!: string;

  @Column('varchar', { length: 10 })
  scope!: Scope;

  /** SHA-256 of the whole key. */
  @Column('bytea')
  key_hash!: Buffer;

  @Column('timestamptz', { default: () => 'now()' })
  created_at!: Date;

  /** From when on it is refused; null: it doesn't end by itself. */
  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;

  /** When it got a successor. */
  @Column('timestamptz', { nullable: true })
  rotated_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  revoked_at!: Date | null;

  /** When it was used last, to the minute; null: never. */
  @Column('timestamptz', { nullable: true })
  last_used_at!: Date | null;
}
