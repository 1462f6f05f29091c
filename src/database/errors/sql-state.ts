import type { DatabaseFailure } from './database-failure.js';

const SERIALIZATION_FAILURE = '40001';
const UNIQUE_VIOLATION = '23505';
const DUPLICATE_TABLE = '42P07';
const UNDEFINED_TABLE = '42P01';
const DEADLOCK_DETECTED = '40P01';
const LOCK_NOT_AVAILABLE = '55P03';
const INSUFFICIENT_PRIVILEGE = '42501';
const READ_ONLY_TRANSACTION = '25006';
/** Classes and codes of SQLSTATE that say the server can't be used now: not what was asked is wrong, but where. */
const UNAVAILABLE = [
  '08', // connection exception
  '28', // invalid authorization
  '3D000', // the database doesn't exist
  '53', // insufficient resources: too many connections, disk full, out of memory
  '57', // operator intervention: shutdown, crash, starting up, cancelled
  '58', // system error
  READ_ONLY_TRANSACTION,
  '25P03', // the connection was ended, as its transaction idled
  'XX', // internal error, data corrupted
];
/** Those of them that clients and operators are to tell apart. */
const FAILURES: Readonly<Record<string, DatabaseFailure>> = {
  [READ_ONLY_TRANSACTION]: 'database_read_only',
  '53100': 'database_disk_full',
  '53200': 'database_out_of_memory',
  '53300': 'database_connections_full',
  '53400': 'database_limit_exceeded',
  '57014': 'statement_timeout',
  '57P01': 'database_restarting',
  '57P02': 'database_restarting',
  '57P03': 'database_restarting',
};
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
/** Errors of pg, and of TypeORM when the server ended the connection between two statements, have no code. */
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

/** SQLSTATE (or Node's error code) of an error that `pg` or TypeORM threw. */
function getCode(error: unknown): string {
  const thrown = error as { code?: unknown; driverError?: { code?: unknown } } | null | undefined;
  const code = thrown?.driverError?.code ?? thrown?.code;
  return typeof code === 'string' ? code : '';
}

/** The transaction lost against another one; running the whole of it again may succeed. */
export function isTransientConflict(error: unknown): boolean {
  return [SERIALIZATION_FAILURE, DEADLOCK_DETECTED].includes(getCode(error));
}

/** A row with the same values is there already, which this constraint or index forbids. */
export function violatesUnique(error: unknown, constraint: string): boolean {
  const thrown = error as { constraint?: unknown; driverError?: { constraint?: unknown } } | null | undefined;
  return getCode(error) === UNIQUE_VIOLATION && (thrown?.driverError?.constraint ?? thrown?.constraint) === constraint;
}

/** A table isn't there: the database isn't migrated. */
export function isUndefinedTable(error: unknown): boolean {
  return getCode(error) === UNDEFINED_TABLE;
}

/** A lock was waited for too long. */
export function isLockTimeout(error: unknown): boolean {
  return getCode(error) === LOCK_NOT_AVAILABLE;
}

/** The database can't be reached or can't work; whether a COMMIT that was under way took effect is unknown. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return isNetworkFailure(error) || UNAVAILABLE.some((prefix) => getCode(error).startsWith(prefix));
}

/** In which way the database fails; null when what was asked is wrong. */
export function findDatabaseFailure(error: unknown): DatabaseFailure | null {
  return isDatabaseUnavailable(error) ? (FAILURES[getCode(error)] ?? 'database_unavailable') : null;
}

/** The database takes no writes. */
export function isReadOnly(error: unknown): boolean {
  return getCode(error) === READ_ONLY_TRANSACTION;
}

/** The role may not do this. */
export function isPermissionDenied(error: unknown): boolean {
  return getCode(error) === INSUFFICIENT_PRIVILEGE;
}

/** A table of this name exists already. */
export function isDuplicateTable(error: unknown): boolean {
  return getCode(error) === DUPLICATE_TABLE;
}

/** A server that isn't there yet, or not ready: worth waiting for at start. */
export function isNotReady(error: unknown): boolean {
  return isNetworkFailure(error) || RETRIED_AT_START.some((prefix) => getCode(error).startsWith(prefix));
}

function isNetworkFailure(error: unknown): boolean {
  if (NETWORK_CODES.includes(getCode(error))) return true;
  return error instanceof Error && NETWORK_MESSAGES.some((message) => error.message.startsWith(message));
}
