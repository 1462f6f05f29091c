import { ApiProperty } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, IsIn, Matches } from 'class-validator';
import { KEY_NAME, type KeyRequest } from '../../auth/index.js';
import { AGENT_PATTERNS_MAX, AgentAccess, toDate } from '../../common/index.js';
import { type Scope, SCOPES } from '../../http/access/index.js';
import { IsTimestamp, IsWholeNumber, Omittable, OmittableOrNull } from '../../http/validation/index.js';

const DAY_SECONDS = 86_400;

/** Expiry of a key. */
class KeyExpiryDto {
  /** Time from which the key is refused, in ISO 8601. Null: never. */
  @OmittableOrNull()
  @IsTimestamp()
  @ApiProperty({ type: String, format: 'date-time', nullable: true, required: false })
  expires_at?: string | null;
}

/** A new API key. */
export class CreateKeyDto extends KeyExpiryDto {
  /** Recorded as `actor` of events: 1 to 64 letters, digits and `. _ @ -`, starting with a letter or digit. */
  @Matches(KEY_NAME, {
    message: '$property must be 1 to 64 letters, digits and . _ @ -, starting with a letter or digit',
  })
  @ApiProperty({ pattern: KEY_NAME.source, example: 'ci' })
  name!: string;

  /** `read`: all reads. `write`: also results, XP, learning and updates of single agents. `admin`: everything. */
  @IsIn(SCOPES)
  @ApiProperty({ enum: SCOPES })
  scope!: Scope;

  /** Agents that the key may read and write: agent types, and prefixes that end with `*`. Null: all agents. */
  @OmittableOrNull()
  @IsArray()
  @ArrayMaxSize(AGENT_PATTERNS_MAX)
  @ApiProperty({ type: String, isArray: true, nullable: true, example: ['guardian', 'team-a/*'], required: false })
  agents?: string[] | null;
}

/** Rotation of an API key. */
export class RotateKeyDto extends KeyExpiryDto {
  /** Time for which the previous key stays valid, in seconds. */
  @Omittable()
  @IsWholeNumber(0, 365 * DAY_SECONDS)
  @ApiProperty({ default: 0, required: false })
  overlap_seconds?: number;
}

/** @throws DomainError `validation_failed` with each invalid pattern */
export function toKeyRequest({ name, scope, agents = null, expires_at }: CreateKeyDto): KeyRequest {
  return { name, scope, agents: AgentAccess.of(agents).patterns, expiresAt: toExpiry({ expires_at }) };
}

export function toExpiry({ expires_at }: { expires_at?: string | null | undefined }): Date | null {
  return toDate(expires_at ?? undefined) ?? null;
}
