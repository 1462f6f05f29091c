import { ApiProperty } from '@nestjs/swagger';

/** Newest event that had been recorded at the requested moment. Only in responses to requests with `as_of`. */
export class AsOfDto {
  /**
   * Version of the agent.
   * @example 12
   */
  @ApiProperty({ type: 'integer' })
  version!: number;
  /** Time at which the event was recorded. */
  recorded_at!: Date;
}
