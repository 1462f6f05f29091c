import type { TestDatabase } from './test-database.js';

/** Number of sessions of the database that wait for a lock. Within a transaction, PostgreSQL keeps the first snapshot otherwise. */
export async function countLockWaits(database: TestDatabase): Promise<number> {
  await database.query('SELECT pg_stat_clear_snapshot()');
  const waiting = await database.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return waiting.length;
}
