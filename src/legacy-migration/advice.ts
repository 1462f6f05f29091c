import {
  isDatabaseUnavailable,
  isDuplicateTable,
  isPermissionDenied,
  isLockTimeout,
  isReadOnly,
} from '../database/errors/index.js';
import { MoveRefusal } from './refusal.error.js';

/** What to do when a move failed with this error. */
export function adviceFor(error: unknown, atCommit: boolean): string {
  if (error instanceof MoveRefusal) return error.advice;
  if (isReadOnly(error)) {
    return 'Nothing was changed. The database takes no writes: name the primary in DATABASE_URL, or end default_transaction_read_only, and run the command again.';
  }
  if (isDatabaseUnavailable(error)) {
    return atCommit
      ? 'The database went away at the COMMIT, so that it is unknown whether the move took effect. Run the command again: it finds out.'
      : 'Nothing was changed. Run the command again when the database is back.';
  }
  if (isLockTimeout(error)) {
    return 'Nothing was changed. Somebody uses the tables: stop the old backend and everything else that does, or wait for another move to end, and run the command again.';
  }
  if (isPermissionDenied(error)) {
    return 'Nothing was changed. Run the command as the owner of the old table, with the right to create tables in its schema.';
  }
  if (isDuplicateTable(error))
    return 'Nothing was changed. Rename or drop what has this name, and run the command again.';
  return 'Nothing was changed. If the message does not tell what to mend, keep the report and ask for help with it.';
}

/** What to do when something failed after the move was committed. */
export function adviceAfterwards(error: unknown): string {
  const what = error instanceof MoveRefusal ? error.advice : 'Mend what the message names.';
  return `The move itself took effect. ${what} Then run the command again.`;
}
