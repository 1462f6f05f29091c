import type { DatabaseFailure } from './database-failure.js';

const SERIALIZATION_FAILURE = '40001';
const UNIQUE_VIOLATION = '23505';
const DUPLICATE_TABLE = '42P07';
const UNDEFINED_TABLE = '42P01';
const DEADLOCK_DETECTED = '40P01';
const LOCK_NOT_AVAILABLE = '55P03';
const IN_FAILED_TRANSACTION = '25P02';
const DIVISION_BY_ZERO = '22012';
const QUERY_CANCELED = '57014';
const INSUFFICIENT_PRIVILEGE = '42501';
const READ_ONLY_TRANSACTION = '25006';
/** SQLSTATE classes and codes of an unavailable server, as opposed to an invalid statement. */
const UNAVAILABLE = [
  '08', // connection exception
  '28', // invalid authorization
  '3D000', // the database does not exist
  '53', // insufficient resources: too many connections, disk full, out of memory
  '57', // operator intervention: shutdown, crash, starting up, cancelled
  '58', // system error
  READ_ONLY_TRANSACTION,
  '25P03', // idle-in-transaction timeout
  'XX', // internal error, data corrupted
];
/** Codes with a failure of their own. */
const FAILURES: Readonly<Record<string, DatabaseFailure>> = {
  [READ_ONLY_TRANSACTION]: 'database_read_only',
  '53100': 'database_disk_full',
  '53200': 'database_out_of_memory',
  '53300': 'database_connections_full',
  '53400': 'database_limit_exceeded',
  [QUERY_CANCELED]: 'statement_timeout',
  '57P01': 'database_restarting',
  '57P02': 'database_restarting',
  '57P03': 'database_restarting',
};
/** The coordinator of Citus lost or did not get a connection to a worker. A client's own lost connection has no SQLSTATE. */
const WORKER_CONNECTION = ['08000', '08001', '08003', '08006'];
/** Shutdown, crash or start of a worker, if the coordinator reports them as an error: those of its own are fatal. */
const WORKER_SHUTDOWN = ['57P01', '57P02', '57P03'];
/** SQLSTATE classes that poolers report if they lose their connection to PostgreSQL: PgBouncer 08, others 08 and 58. */
const REPORTED_BY_POOLERS = ['08', '58'];
const RETRIED_AT_START = ['08', '53', '57P'];

const NETWORK_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
];
/** Messages of errors without a code, of pg and of TypeORM. */
const NETWORK_MESSAGES = [
  'Connection terminated',
  'Query read timeout',
  'timeout expired',
  'timeout exceeded',
  'Client has encountered a connection error',
  'Client was closed',
  'Cannot use a pool after',
  'Driver not Connected',
  'Query runner already released',
  'Database connection provided by a query runner was already released',
];

/** SQLSTATE or Node error code of an error of `pg` or TypeORM. */
function getCode(error: unknown): string {
  const thrown = error as { code?: unknown; driverError?: { code?: unknown } } | null | undefined;
  const code = thrown?.driverError?.code ?? thrown?.code;
  return typeof code === 'string' ? code : '';
}

/** Severity of an error that came over the connection; null for errors of the client. */
function getSeverity(error: unknown): string | null {
  const thrown = error as { severity?: unknown; driverError?: { severity?: unknown } } | null | undefined;
  const severity = thrown?.driverError?.severity ?? thrown?.severity;
  return typeof severity === 'string' ? severity : null;
}

/** Serialization failure or deadlock: repeating the transaction may succeed. */
export function isTransientConflict(error: unknown): boolean {
  return [SERIALIZATION_FAILURE, DEADLOCK_DETECTED].includes(getCode(error));
}

/** On Citus: a worker is unavailable, while the connection to the coordinator is intact. */
export function isWorkerUnavailable(error: unknown): boolean {
  const code = getCode(error);
  if (WORKER_CONNECTION.includes(code)) return true;
  return WORKER_SHUTDOWN.includes(code) && getSeverity(error) === 'ERROR';
}

/** Violation of this unique constraint or index. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  const thrown = error as { constraint?: unknown; driverError?: { constraint?: unknown } } | null | undefined;
  return getCode(error) === UNIQUE_VIOLATION && (thrown?.driverError?.constraint ?? thrown?.constraint) === constraint;
}

/** A table does not exist: the schema migrations have not been run. */
export function isUndefinedTable(error: unknown): boolean {
  return getCode(error) === UNDEFINED_TABLE;
}

/** Lock timeout. */
export function isLockTimeout(error: unknown): boolean {
  return getCode(error) === LOCK_NOT_AVAILABLE;
}

/** A statement was canceled, or exceeded its time limit. A COMMIT is then rolled back. */
export function isCanceled(error: unknown): boolean {
  return getCode(error) === QUERY_CANCELED;
}

/** The database is unavailable. The outcome of a COMMIT in progress is unknown, unless it was canceled. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return isNetworkFailure(error) || UNAVAILABLE.some((prefix) => getCode(error).startsWith(prefix));
}

/** Failure of the database; null if the statement is invalid. */
export function findDatabaseFailure(error: unknown): DatabaseFailure | null {
  return isDatabaseUnavailable(error) ? (FAILURES[getCode(error)] ?? 'database_unavailable') : null;
}

/** Write to a read-only database. */
export function isReadOnly(error: unknown): boolean {
  return getCode(error) === READ_ONLY_TRANSACTION;
}

/** An earlier statement of the transaction failed. */
export function isTransactionAborted(error: unknown): boolean {
  return getCode(error) === IN_FAILED_TRANSACTION;
}

/** A statement that checks its own result by a division has found it wrong. */
export function isFailedCheck(error: unknown): boolean {
  return getCode(error) === DIVISION_BY_ZERO;
}

/**
 * PostgreSQL itself reported the error of a statement. Other errors are those of the client, such as a lost connection, or of a
 * pooler that lost its own.
 */
export function isServerError(error: unknown): boolean {
  return getSeverity(error) !== null && !REPORTED_BY_POOLERS.some((prefix) => getCode(error).startsWith(prefix));
}

/** The role lacks a privilege. */
export function isPermissionDenied(error: unknown): boolean {
  return getCode(error) === INSUFFICIENT_PRIVILEGE;
}

/** The table already exists. */
export function isDuplicateTable(error: unknown): boolean {
  return getCode(error) === DUPLICATE_TABLE;
}

/** The server is not reachable or not ready, so that waiting at start-up may help. */
export function isNotReady(error: unknown): boolean {
  return isNetworkFailure(error) || RETRIED_AT_START.some((prefix) => getCode(error).startsWith(prefix));
}

function isNetworkFailure(error: unknown): boolean {
  if (NETWORK_CODES.includes(getCode(error))) return true;
  return error instanceof Error && NETWORK_MESSAGES.some((message) => error.message.startsWith(message));
}
