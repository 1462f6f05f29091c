import { databaseFailed } from '../errors/index.js';
import { DomainError, RETRY_AFTER_SECONDS, validationFailed } from '../../common/index.js';

/** The connection was lost during COMMIT. It is unknown whether the transaction took effect. */
export function outcomeUnknown(cause: unknown): DomainError {
  return new DomainError(
    'database_unavailable',
    'The connection to the database was lost during COMMIT. It is unknown whether the request was recorded. ' +
      'Repeat it with the same Idempotency-Key; without one, check the agent first.',
    { cause, retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
}

/** The given EntityManager has no running transaction. */
export function noTransaction(): DomainError {
  return validationFailed([{ field: 'manager', detail: 'must be the EntityManager of a running transaction' }]);
}

/** The connection of the caller's transaction was lost; the transaction has had no effect. */
export function connectionLost(): DomainError {
  return databaseFailed('database_unavailable', new Error('the connection of the transaction was lost'));
}

/** All connections of the pool are in use, for example by transactions that wait for this write. */
export function noFreeConnection(): DomainError {
  return databaseFailed('database_unavailable', new Error('no connection of the pool became free'));
}
