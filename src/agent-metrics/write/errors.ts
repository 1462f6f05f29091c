import { DomainError, RETRY_AFTER_SECONDS } from '../../common/index.js';

/** The idempotency key was used for another request to the agent. */
export function idempotencyKeyReused(): DomainError {
  return new DomainError(
    'idempotency_key_reused',
    'This Idempotency-Key was used for another request to the agent. Nothing was changed; use a new key for each request.',
  );
}

/** The queue of writes is full. Nothing was changed. */
export function overloaded(): DomainError {
  return new DomainError('overloaded', 'Too many writes are waiting. Nothing was changed; try again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
