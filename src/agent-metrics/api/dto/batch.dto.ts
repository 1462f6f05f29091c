import { ApiProperty } from '@nestjs/swagger';
import { ProblemDto } from '../../../http/problems/index.js';
import { SuccessDto } from './responses.dto.js';

/** Outcome of one result of a batch. */
export class ItemOutcomeDto {
  /**
   * Position of the result in the request: 0, 1, 2, …
   * @example 0
   */
  @ApiProperty({ type: 'integer' })
  index!: number;
  /**
   * Id of the result; null if it has none.
   * @example run-812/case-17
   */
  id!: string | null;
  /**
   * Agent type of the result; null if it has none.
   * @example guardian
   */
  agent_type!: string | null;
  /**
   * `recorded`; `replayed`: a result with the same id was recorded earlier; `refused`: see `problem`.
   * @example recorded
   */
  @ApiProperty({ enum: ['recorded', 'replayed', 'refused'] })
  status!: 'recorded' | 'replayed' | 'refused';
  /**
   * Version of the agent after the result.
   * @example 17
   */
  @ApiProperty({ type: 'integer' })
  version?: number;
  /** The reason for the refusal. */
  problem?: ProblemDto;
}

/** Outcomes of the results of a batch, in the order of the request. */
export class BatchRecordedDto extends SuccessDto {
  results!: ItemOutcomeDto[];
  /** @example 98 */
  @ApiProperty({ type: 'integer' })
  recorded!: number;
  /** @example 1 */
  @ApiProperty({ type: 'integer' })
  replayed!: number;
  /** @example 1 */
  @ApiProperty({ type: 'integer' })
  refused!: number;
}
