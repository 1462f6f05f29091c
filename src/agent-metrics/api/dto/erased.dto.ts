import { ApiProperty } from '@nestjs/swagger';
import { SuccessDto } from './responses.dto.js';

/** Tombstone of an erased agent. */
export class TombstoneDto {
  /** Number of the tombstone: 1, 2, 3, … */
  @ApiProperty({ type: 'integer', minimum: 1 })
  id!: number;

  /** Hash of the agent's newest event, in hexadecimal; zeros if it had none. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$' })
  head!: string;

  /** Number of erased events, including those of agents that were merged into it. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  events!: number;

  /** Number of erased hash chains of agents that were merged into it. */
  @ApiProperty({ type: 'integer', minimum: 0 })
  merged_chains!: number;

  /** Time of the erasure. ISO 8601 in UTC. */
  @ApiProperty({ format: 'date-time' })
  erased_at!: string;

  /** Hash of the tombstone, in hexadecimal. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$' })
  hash!: string;
}

/** Response to an erasure. */
export class ErasedDto extends SuccessDto {
  message!: string;
  tombstone!: TombstoneDto;
}
