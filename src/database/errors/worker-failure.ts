import { DomainError } from '../../common/index.js';
import { databaseFailed, type DatabaseFailure, isDatabaseFailure } from './database-failure.js';
import { isWorkerUnavailable } from './sql-state.js';

/**
 * Whether a transaction on Citus failed because a worker is unavailable. The connection to the coordinator is intact, and
 * nothing was changed: a failed COMMIT, whose outcome is unknown, has another message.
 */
export function isWorkerFailure(error: unknown): boolean {
  if (!(error instanceof DomainError) || !isDatabaseFailure(error)) return false;
  const { message } = databaseFailed(error.code as DatabaseFailure, error.cause);
  return error.message === message && isWorkerUnavailable(error.cause);
}
