import { DomainError } from '../../common/index.js';

const RETRY_AFTER_SECONDS = 10;

/** The maximum number of exports is running. */
export function tooManyExports(maximum: number): DomainError {
  return new DomainError('overloaded', `The maximum of ${maximum} exports is running; try again later.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
