import type { Session } from '../transactions/index.js';
import { CITUS } from './citus.js';
import { SINGLE_SERVER } from './single-server.js';
import type { StorageForm } from './storage-form.js';

/** Citus lists its tables in this catalog. */
const CATALOG = "SELECT to_regclass('pg_dist_partition') IS NOT NULL AS exists";
const IS_DISTRIBUTED = `
  SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass('agent_metrics')) AS distributed`;

/** Detects the storage form of the database. A database without the service's tables is a single server. */
export async function findStorageForm(session: Session): Promise<StorageForm> {
  const [catalog] = await session.query<{ exists: boolean }[]>(CATALOG);
  if (!catalog?.exists) return SINGLE_SERVER;
  const [table] = await session.query<{ distributed: boolean }[]>(IS_DISTRIBUTED);
  return table?.distributed ? CITUS : SINGLE_SERVER;
}
