/** Timeouts of a session. */
export interface Timeouts {
  /** Maximum duration of a statement; undefined: unlimited. */
  statementMs?: number;
  /** Maximum wait for a lock; undefined: unlimited. */
  lockMs?: number;
  /** Maximum time between the statements of a transaction; undefined: unlimited. */
  idleInTransactionMs?: number;
}

/**
 * Settings of every session, independently of the server, the database, the role and PGOPTIONS: the text formats of numbers,
 * times, bytes and arrays.
 */
export const SESSION_FORMS = {
  client_encoding: 'UTF8',
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  extra_float_digits: '1',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
} as const;

/**
 * Replaced only if the value is unsafe: an acknowledged write could be lost, or triggers would not run. Other values are the
 * operator's choice. PostgreSQL allows few roles to change the second one.
 */
const FORBIDDEN = [
  { name: 'synchronous_commit', value: 'off', instead: 'on' },
  { name: 'session_replication_role', value: 'replica', instead: 'origin' },
] as const;

/** Search path that contains only this schema and the system catalog. */
export function buildSearchPath(schema: string): string {
  return `"${schema.replaceAll('"', '""')}"`;
}

/** Default isolation level. */
export const ISOLATION = 'READ COMMITTED';

/**
 * Builds the SELECT that applies the session settings.
 *
 * @param local SQL boolean: whether they apply to the current transaction only
 * @returns one row
 */
export function buildSettingsQuery(
  { statementMs = 0, lockMs = 0, idleInTransactionMs = 0 }: Timeouts,
  local: string,
): string {
  const settings = {
    ...SESSION_FORMS,
    statement_timeout: `${statementMs}`,
    lock_timeout: `${lockMs}`,
    idle_in_transaction_session_timeout: `${idleInTransactionMs}`,
  };
  const set = (name: string, value: string) => `set_config('${name}', '${value}', ${local})`;
  return `SELECT ${[
    ...Object.entries(settings).map(([name, value]) => set(name, value)),
    // Since PostgreSQL 17; null before.
    `CASE WHEN current_setting('transaction_timeout', true) <> '0' THEN ${set('transaction_timeout', '0')} END`,
    ...FORBIDDEN.map(
      ({ name, value, instead }) => `CASE WHEN current_setting('${name}') = '${value}' THEN ${set(name, instead)} END`,
    ),
  ].join(', ')}`;
}
