import { ApiProperty } from '@nestjs/swagger';
import type { ErrorCode } from '../../common/index.js';
import { ERROR_STATUS } from './error-status.js';

/** A field of the request that can't be taken. */
export class FieldErrorDto {
  /**
   * Name of the field; nested ones are written with dots.
   * @example score
   */
  field!: string;
  /**
   * What is wrong with it.
   * @example "must not be greater than 100"
   */
  detail!: string;
}

/** An error as RFC 9457 has it, served as application/problem+json. */
export class ProblemDto {
  /**
   * Names the kind of problem.
   * @example urn:lvlup:problem:validation_failed
   */
  type!: string;
  /**
   * The kind of problem in words.
   * @example "Invalid request"
   */
  title!: string;
  /**
   * The HTTP status.
   * @example 400
   */
  status!: number;
  /**
   * What happened, and what to do.
   */
  detail!: string;
  /**
   * The path that was asked for.
   * @example /api/agent-metrics/guardian/custody-test
   */
  instance?: string;
  /**
   * The kind of problem, for programs.
   * @example validation_failed
   */
  @ApiProperty({ enum: Object.keys(ERROR_STATUS) })
  code!: ErrorCode;
  /** The fields that can't be taken, where fields are to blame: the first 20 of them. */
  errors?: FieldErrorDto[];
  /**
   * How many fields more can't be taken. Left out: none.
   * @example 12
   */
  further_errors?: number;
  /** Under this id the log tells the cause of a failure of the service's own. */
  error_id?: string;
}
