/** A data source, a manager or a query runner. */
interface Querying {
  query(sql: string): Promise<unknown>;
}

const KIND = `
  SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only')::boolean AS read_only`;

/** Reason why the database is read-only, as predicate of a sentence; null if it is writable. */
export async function findReadOnlyReason(database: Querying): Promise<string | null> {
  const [kind] = (await database.query(KIND)) as { standby: boolean; read_only: boolean }[];
  if (kind?.standby) return 'is a standby (pg_is_in_recovery)';
  return kind?.read_only ? 'is read-only (default_transaction_read_only)' : null;
}
