import { DomainError, RETRY_AFTER_SECONDS, validationFailed } from '../common/index.js';

/** The maximum number of readers is reached. */
export function tooManyReaders(limit: number): DomainError {
  return new DomainError('overloaded', `This instance serves ${limit} readers of the feed already; try again.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** The position is not one of this feed. @param field name of the header or parameter */
export function unknownPosition(field: string): DomainError {
  return validationFailed([{ field, detail: 'must be a position of this feed, but is after its end' }]);
}
