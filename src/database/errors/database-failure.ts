import { DomainError } from '../../common/index.js';

/** Failures of the database and their messages. Nothing was changed. */
const SENTENCES = {
  database_unavailable: 'The database is unavailable. Try again later; the service reconnects automatically.',
  database_restarting: 'The database is stopping or starting. Nothing was changed; try again.',
  database_read_only: 'The database is read-only or a standby. Nothing was changed; try again when it accepts writes.',
  database_disk_full: 'The disk of the database is full. Nothing was changed; try again when space is available.',
  database_out_of_memory: 'The database is out of memory. Nothing was changed; try again.',
  database_connections_full: 'The database accepts no more connections. Nothing was changed; try again.',
  database_limit_exceeded:
    'A configured limit of the database is exceeded. Nothing was changed; try again when it is raised.',
  statement_timeout: 'A statement exceeded STATEMENT_TIMEOUT or was cancelled. Nothing was changed; try again.',
} as const;

export type DatabaseFailure = keyof typeof SENTENCES;

/** For temporary failures. */
const RETRY_AFTER_SECONDS = 2;
/** For failures that an operator must fix. */
const RETRY_AFTER_REPAIR_SECONDS = 30;
const NEEDS_REPAIR: readonly DatabaseFailure[] = [
  'database_read_only',
  'database_disk_full',
  'database_limit_exceeded',
];

/** The database cannot process the request. Nothing was changed. */
export function databaseFailed(failure: DatabaseFailure, cause: unknown): DomainError {
  return new DomainError(failure, SENTENCES[failure], {
    cause,
    retryAfterSeconds: NEEDS_REPAIR.includes(failure) ? RETRY_AFTER_REPAIR_SECONDS : RETRY_AFTER_SECONDS,
  });
}

/** Whether the error is a failure of the database. */
export function isDatabaseFailure(error: unknown): boolean {
  return error instanceof DomainError && Object.hasOwn(SENTENCES, error.code);
}
