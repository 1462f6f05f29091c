/** How long work may take that a session does. */
export interface Timeouts {
  /** How long a statement may run; undefined: without end. */
  statementMs?: number;
  /** How long it may wait for a lock; undefined: without end. */
  lockMs?: number;
  /** How long a transaction may wait for its next statement; undefined: without end. */
  idleInTransactionMs?: number;
}

/**
 * What a session must have, whatever the server, the database, the role or PGOPTIONS say: the form of numbers, times,
 * bytes and lists in text, in both directions.
 */
const FORMS = {
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
 * Set only where the value is one that breaks a promise: an acknowledged write might be lost; triggers would not run, and
 * the rollups would go wrong. Other values are an operator's choice. PostgreSQL lets few roles change the second one.
 */
const FORBIDDEN = [
  { name: 'synchronous_commit', value: 'off', instead: 'on' },
  { name: 'session_replication_role', value: 'replica', instead: 'origin' },
] as const;

/** The isolation of a transaction that asks for none. */
export const ISOLATION = 'READ COMMITTED';

/**
 * The SELECT that sets what a session must have.
 *
 * @param local SQL of a boolean: whether it is for this transaction only
 * @returns one row
 */
export function buildSettingsQuery(
  { statementMs = 0, lockMs = 0, idleInTransactionMs = 0 }: Timeouts,
  local: string,
): string {
  const settings = {
    ...FORMS,
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
