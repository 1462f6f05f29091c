import type { BenchDatabase } from '../bench-database.js';
import type { BenchServer } from '../bench-server.js';
import { checkLedger } from './generator/check-ledger.js';
import { generateLedger, type LedgerSize, type Period } from './generator/generate-ledger.js';

const HOUR_MS = 3_600_000;
const PERIOD_MS = 90 * 24 * HOUR_MS;

/** Configuration of a server for ledgers: what fills one is not logged, and no checkpoint comes because of it. */
export const LEDGER_SERVER = { wal_level: 'minimal', max_wal_senders: '0', max_wal_size: '4GB' };

/** A database that was generated. */
export interface Ledger {
  database: BenchDatabase;
  size: LedgerSize;
  period: Period;
  /** Size of the database, indexes and rollups included. */
  bytes: number;
}

/** Until the last full hour, so that requests that name no range find it. */
export function periodUntilNow(): Period {
  const end = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
  return { begin: new Date(end.getTime() - PERIOD_MS), end };
}

export async function createLedger(
  server: BenchServer,
  size: LedgerSize,
  period: Period,
  log: (message: string) => void,
): Promise<Ledger> {
  log(`generating ${size.events.toLocaleString('en-US')} events of ${size.agents.toLocaleString('en-US')} agents`);
  const database = await server.createDatabase(`ledger_of_${size.events}`);
  await generateLedger(database, size, period, log);
  await checkLedger(database, size);
  const [{ bytes } = { bytes: NaN }] = await database.query<{ bytes: number }>(
    'SELECT pg_database_size(current_database())::float8 AS bytes',
  );
  return { database, size, period, bytes };
}
