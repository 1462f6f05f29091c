/** What runs a statement: a data source, a manager or a query runner. */
interface Querying {
  query(sql: string): Promise<unknown>;
}

const KIND = `
  SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only')::boolean AS read_only`;

/** Why the database takes no writes, as the end of a sentence that begins with it; null when it takes them. */
export async function findReadOnlyReason(database: Querying): Promise<string | null> {
  const [kind] = (await database.query(KIND)) as { standby: boolean; read_only: boolean }[];
  if (kind?.standby) return 'is a standby, which takes no writes (pg_is_in_recovery)';
  return kind?.read_only ? 'is set to read-only (default_transaction_read_only)' : null;
}
