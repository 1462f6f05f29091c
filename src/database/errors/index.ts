export { ConcurrentChangeError } from './concurrent-change.error.js';
export { CONSTRAINTS } from './constraints.js';
export { databaseFailed, isDatabaseFailure } from './database-failure.js';
export { readOnlyReason } from './read-only.js';
export {
  databaseFailureOf,
  isDatabaseUnavailable,
  isDuplicateTable,
  isForbidden,
  isLockTimeout,
  isNotReadyYet,
  isReadOnly,
  isTransientConflict,
  isUndefinedTable,
  violatesUnique,
} from './sql-state.js';
