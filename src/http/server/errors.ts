import { DomainError, RETRY_AFTER_SECONDS } from '../../common/index.js';

/** The service is behind with the requests that it has. Nothing was changed. */
export function behind(): DomainError {
  return new DomainError('overloaded', 'The service is overloaded. Nothing was changed; try again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** The caller has exceeded its rate limit. Nothing was changed. */
export function rateLimited(limit: { requests: number; seconds: number }, retryAfterSeconds: number): DomainError {
  return new DomainError(
    'rate_limited',
    `More than ${limit.requests} requests in ${limit.seconds} seconds. Nothing was changed; try again later.`,
    { retryAfterSeconds },
  );
}
