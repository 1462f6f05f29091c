import { ApiProperty } from '@nestjs/swagger';
import type { KeyState } from '../../auth/index.js';
import { type Scope, SCOPES } from '../../http/access/index.js';

const STATES: KeyState[] = ['valid', 'rotated', 'expired', 'revoked'];

/** An API key without its text. */
export class ApiKeyDto {
  /** @example 1f0c6a8e2b7d4953 */
  id!: string;

  /** @example ci */
  name!: string;

  @ApiProperty({ enum: SCOPES })
  scope!: Scope;

  /** Agents that the key may read and write. Null: all agents. */
  @ApiProperty({ type: String, isArray: true, nullable: true })
  agents!: string[] | null;

  /** `rotated`: replaced, and valid until `expires_at`. */
  @ApiProperty({ enum: STATES })
  state!: KeyState;

  created_at!: Date;

  /** Time from which the key is refused. Null: never. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  expires_at!: Date | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  rotated_at!: Date | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  revoked_at!: Date | null;

  /** Time of the last use, accurate to the minute. Null: never. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  last_used_at!: Date | null;
}

/** Response with the keys. */
export class ApiKeysResponseDto {
  /** @example success */
  status!: 'success';
  /** Newest first, including revoked and expired ones; at most 1,000. */
  keys!: ApiKeyDto[];
}

/** A new key. */
export class CreatedKeyDto {
  /** The key, for `Authorization: Bearer`. It cannot be read later. */
  @ApiProperty({ example: 'lvlup_1f0c6a8e2b7d4953_…' })
  key!: string;

  /** @example 1f0c6a8e2b7d4953 */
  id!: string;

  /** @example ci */
  name!: string;

  @ApiProperty({ enum: SCOPES })
  scope!: Scope;

  @ApiProperty({ type: String, isArray: true, nullable: true })
  agents!: readonly string[] | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  expires_at!: Date | null;
}

/** Response with a new key. */
export class CreatedKeyResponseDto {
  /** @example success */
  status!: 'success';
  created!: CreatedKeyDto;
}
