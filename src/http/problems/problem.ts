import type { DomainError, ErrorCode, FieldError } from '../../common/index.js';
import { ERROR_STATUS } from './error-status.js';

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** Problem document (RFC 9457) with the additional members `code`, `errors` and `error_id`, and those of the error. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  code: ErrorCode;
  errors?: FieldError[];
  error_id?: string;
}

export function toProblem(error: DomainError, instance?: string, errorId?: string): Problem {
  const { status, title } = ERROR_STATUS[error.code];
  return {
    type: `urn:lvlup:problem:${error.code}`,
    title,
    status,
    detail: error.message,
    ...(instance !== undefined && { instance }),
    code: error.code,
    ...(error.options.errors && { errors: [...error.options.errors] }),
    ...error.options.extensions,
    ...(errorId !== undefined && { error_id: errorId }),
  };
}
