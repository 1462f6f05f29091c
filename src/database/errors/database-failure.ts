import { DomainError } from '../../common/index.js';

/** Ways in which the database can fail a request that is in order, and what clients are told of each. Nothing was changed. */
const SENTENCES = {
  database_unavailable: "The database can't be reached. Try again later; the service recovers by itself.",
  database_restarting: 'The database is being stopped or started. Nothing was changed; try again.',
  database_read_only:
    'The database takes no writes: it is a standby, or set to read-only. Nothing was changed; try again when it takes writes.',
  database_disk_full: "The database's disk is full. Nothing was changed; try again when there is room.",
  database_out_of_memory: 'The database has run out of memory. Nothing was changed; try again.',
  database_connections_full: 'The database takes no more connections. Nothing was changed; try again.',
  database_limit_exceeded:
    'A limit that is configured in the database was reached. Nothing was changed; try again when it is raised.',
  statement_timeout:
    'The database ended a statement: it took longer than STATEMENT_TIMEOUT allows, or was cancelled. ' +
    'Nothing was changed; try again.',
} as const;

export type DatabaseFailure = keyof typeof SENTENCES;

/** What passes by itself. */
const RETRY_AFTER_SECONDS = 2;
/** What somebody has to end. */
const RETRY_AFTER_REPAIR_SECONDS = 30;
const NEEDS_REPAIR: readonly DatabaseFailure[] = [
  'database_read_only',
  'database_disk_full',
  'database_limit_exceeded',
];

/** The database failed the request. Nothing was changed. */
export function databaseFailed(failure: DatabaseFailure, cause: unknown): DomainError {
  return new DomainError(failure, SENTENCES[failure], {
    cause,
    retryAfterSeconds: NEEDS_REPAIR.includes(failure) ? RETRY_AFTER_REPAIR_SECONDS : RETRY_AFTER_SECONDS,
  });
}

/** Whether the error is that the database failed the request. */
export function isDatabaseFailure(error: unknown): boolean {
  return error instanceof DomainError && Object.hasOwn(SENTENCES, error.code);
}
