import type { EntityManager } from 'typeorm';

/**
 * Where the rows are: on a single server, whose triggers keep the rollups; or distributed by agent type over several, by
 * Citus, which has no such triggers and locks no rows of several agents at once.
 */
export type DatabaseForm = 'single' | 'distributed';

/** The form of the database that a module works on, found out when it starts. */
export const DATABASE_FORM = Symbol('DatabaseForm');

/** Citus keeps a list of its tables where everything finds it. */
const CATALOGUE = "SELECT to_regclass('pg_dist_partition') IS NOT NULL AS exists";
const IS_DISTRIBUTED = `
  SELECT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = to_regclass('agent_metrics')) AS distributed`;

/** Finds out which form the database has; one without our tables has none yet, and they are made on a single server. */
export async function findDatabaseForm(manager: EntityManager): Promise<DatabaseForm> {
  const [catalogue] = await manager.query<{ exists: boolean }[]>(CATALOGUE);
  if (!catalogue?.exists) return 'single';
  const [table] = await manager.query<{ distributed: boolean }[]>(IS_DISTRIBUTED);
  return table?.distributed ? 'distributed' : 'single';
}
