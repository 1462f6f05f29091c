import {
  isDatabaseUnavailable,
  isDuplicateTable,
  isPermissionDenied,
  isLockTimeout,
  isReadOnly,
} from '../database/errors/index.js';
import { MigrationRefusal } from './refusal.error.js';

/** Advice for a failed migration. */
export function getAdvice(error: unknown, atCommit: boolean): string {
  if (error instanceof MigrationRefusal) return error.advice;
  if (isReadOnly(error)) {
    return 'Nothing was changed. The database is read-only. Set DATABASE_URL to the primary, or unset default_transaction_read_only, and run the command again.';
  }
  if (isDatabaseUnavailable(error)) {
    return atCommit
      ? 'The connection was lost during the COMMIT, so it is unknown whether the migration took effect. Run the command again to find out.'
      : 'Nothing was changed. Run the command again when the database is available.';
  }
  if (isLockTimeout(error)) {
    return 'Nothing was changed. The tables are in use. Stop the old backend and all other clients, or wait for another migration to end, and run the command again.';
  }
  if (isPermissionDenied(error)) {
    return 'Nothing was changed. Run the command as the owner of the old table, with the privilege to create tables in its schema.';
  }
  if (isDuplicateTable(error))
    return 'Nothing was changed. Rename or drop the existing relation, and run the command again.';
  return 'Nothing was changed. Fix the cause and run the command again. If the cause is unclear, keep the report and ask for help.';
}

/** Advice for a failure after the COMMIT. */
export function getPostCommitAdvice(error: unknown): string {
  const what = error instanceof MigrationRefusal ? error.advice : 'Fix the cause of the error.';
  return `The migration itself took effect. ${what} Then run the command again.`;
}
