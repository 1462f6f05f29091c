export { ConcurrentChangeError } from './concurrent-change.error.js';
export { CONSTRAINTS } from './constraints.js';
export { databaseFailed, isDatabaseFailure } from './database-failure.js';
export { isWorkerFailure } from './worker-failure.js';
export { findReadOnlyReason } from './read-only.js';
export {
  findDatabaseFailure,
  isCanceled,
  isDatabaseUnavailable,
  isDuplicateTable,
  isFailedCheck,
  isPermissionDenied,
  isLockTimeout,
  isNotReady,
  isReadOnly,
  isServerError,
  isTransactionAborted,
  isTransientConflict,
  isUndefinedTable,
  violatesUnique,
} from './sql-state.js';
