import type { BenchDatabase } from './bench-database.js';

/** Bytes of an event in the table. */
const MOST = 600;

/** Mean sizes of the events of ours, in bytes. The goal is for a result without an idempotency key. */
export interface EventSize {
  /** In the table, with the pointer to it, without the unused rest of a page; null if there is none. */
  withoutKey: number | null;
  withKey: number | null;
  /** All indexes, of all events. */
  indexes: number;
  most: number;
  met: boolean | null;
}

export async function measureEventSize(database: BenchDatabase): Promise<EventSize | null> {
  const [row] = await database.query<Pick<EventSize, 'withoutKey' | 'withKey' | 'indexes'>>(`
    SELECT avg(4 + pg_column_size(event.*)) FILTER (WHERE idempotency_key IS NULL)::float8 AS "withoutKey",
           avg(4 + pg_column_size(event.*)) FILTER (WHERE idempotency_key IS NOT NULL)::float8 AS "withKey",
           pg_indexes_size('agent_events')::float8 / count(*) AS indexes
      FROM agent_events event WHERE type = 'custody_test' HAVING count(*) > 0`);
  if (!row) return null;
  return { ...row, most: MOST, met: row.withoutKey === null ? null : row.withoutKey <= MOST };
}
