import { ApiProperty } from '@nestjs/swagger';
import { type Scope, SCOPES } from '../../http/access/index.js';

/** Sender of the request. */
export class CallerDto {
  /**
   * Name of the key, or `jwt:` and the token's subject: the `actor` of its writes. Null: an anonymous request.
   * @example ci
   */
  @ApiProperty({ type: String, nullable: true })
  name!: string | null;

  /**
   * Largest scope. Anonymous requests, where they are allowed, have `admin`.
   * @example write
   */
  @ApiProperty({ enum: SCOPES })
  scope!: Scope;

  /**
   * Agents that the caller may read and write: agent types, and prefixes that end with `*`. Null: all agents.
   * @example ["guardian", "team-a/*"]
   */
  @ApiProperty({ type: String, isArray: true, nullable: true })
  agents!: string[] | null;
}

/** Response with the caller. */
export class CallerResponseDto {
  /** @example success */
  status!: 'success';
  caller!: CallerDto;
}
