import { ApiProperty } from '@nestjs/swagger';
import type { ErrorCode, FieldError } from '../../common/index.js';
import { ERROR_STATUS } from './error-status.js';

/** An invalid field of the request. */
export class FieldErrorDto implements FieldError {
  /**
   * Name of the field. Nested fields are separated by dots.
   * @example score
   */
  field!: string;
  /**
   * The reason.
   * @example "must not be greater than 100"
   */
  detail!: string;
}

/** Problem document (RFC 9457), sent as application/problem+json. */
export class ProblemDto {
  /**
   * URI of the kind of problem.
   * @example urn:lvlup:problem:validation_failed
   */
  type!: string;
  /**
   * Title of the kind of problem.
   * @example "Invalid request"
   */
  title!: string;
  /**
   * HTTP status.
   * @example 400
   */
  status!: number;
  /**
   * The failure, and what to do.
   */
  detail!: string;
  /**
   * Path of the request.
   * @example /api/agent-metrics/guardian/custody-test
   */
  instance?: string;
  /**
   * Error code.
   * @example validation_failed
   */
  @ApiProperty({ enum: Object.keys(ERROR_STATUS) })
  code!: ErrorCode;
  /** Invalid fields, at most 20. */
  errors?: FieldErrorDto[];
  /**
   * Number of further invalid fields. Omitted if there are none.
   * @example 12
   */
  further_errors?: number;
  /** Identifies the cause of an internal error in the log. */
  error_id?: string;
}
