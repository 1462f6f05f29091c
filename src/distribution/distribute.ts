import type { DataSource, EntityManager } from 'typeorm';
import { CITUS, findStorageForm } from '../database/storage/index.js';
import { lockMigrations } from '../database/schema/index.js';
import { planDistribution, type PlannedStatement, planRebuildFunction } from './distribution-plan.js';

/** Storage form of a database, and the statements that distribute it. */
export interface DistributionState {
  /** Whether the database is already distributed. Then a statement only replaces `rebuild_rollups()`, if it differs. */
  distributed: boolean;
  statements: PlannedStatement[];
  /** Why the database cannot be distributed now and how to fix that; null if it can be distributed. */
  obstacle: string | null;
}

/** The schema of the tables, quoted. */
const SCHEMA = `
  SELECT quote_ident(nspname) AS schema FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
   WHERE pg_class.oid = 'agent_metrics'::regclass`;
const REBUILD_SOURCE = "SELECT prosrc AS source FROM pg_proc WHERE oid = to_regproc('rebuild_rollups')";
const HAS_CITUS = "SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'create_distributed_table') AS exists";
/** Servers that get shards. The coordinator is one only if it was configured as such. */
const SERVERS = `
  SELECT count(*)::integer AS servers FROM pg_dist_node WHERE isactive AND noderole = 'primary' AND shouldhaveshards`;
/** Other sessions of the service and of CLI commands, as far as they are visible to this role. */
const OTHERS = `
  SELECT count(*)::integer AS others FROM pg_stat_activity
   WHERE datname = current_database() AND application_name = current_setting('application_name')
     AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;

/** Limits the wait for locks, because other sessions queue behind it. */
const LOCK_TIMEOUT = "SET LOCAL lock_timeout = '10s'";

/**
 * Returns what `distribute` would execute. Changes nothing.
 *
 * @throws Error if the tables do not exist
 */
export async function inspectDistribution(dataSource: DataSource): Promise<DistributionState> {
  const pending = await dataSource.showMigrations();
  return inspect(dataSource.manager, pending);
}

/**
 * Converts the database to the distributed storage form, in one transaction.
 *
 * @param dataSource with one connection, to the coordinator
 * @throws Error with the obstacle as its message, if there is one
 */
export async function distribute(dataSource: DataSource): Promise<DistributionState> {
  const pending = await dataSource.showMigrations();
  return dataSource.transaction(async (manager) => {
    await manager.query(LOCK_TIMEOUT);
    // An instance that starts now waits, and then detects the new storage form.
    await lockMigrations(manager);
    const state = await inspect(manager, pending);
    if (state.obstacle !== null) throw new Error(state.obstacle);
    for (const { sql } of state.statements) await manager.query(sql);
    return state;
  });
}

async function inspect(manager: EntityManager, pending: boolean): Promise<DistributionState> {
  const [table] = await manager.query<{ schema: string }[]>(SCHEMA);
  if (!table) throw new Error('table agent_metrics does not exist');
  if ((await findStorageForm(manager)) === CITUS) {
    const statement = planRebuildFunction(table.schema);
    const [found] = await manager.query<{ source: string }[]>(REBUILD_SOURCE);
    const isCurrent = found !== undefined && statement.sql.includes(`$$${found.source}$$`);
    return { distributed: true, statements: isCurrent ? [] : [statement], obstacle: null };
  }
  return {
    distributed: false,
    statements: planDistribution(table.schema),
    obstacle: await findObstacle(manager, pending),
  };
}

async function findObstacle(manager: EntityManager, pending: boolean): Promise<string | null> {
  const [citus] = await manager.query<{ exists: boolean }[]>(HAS_CITUS);
  if (!citus?.exists) {
    return (
      'The extension Citus is not installed in this database. Add it to shared_preload_libraries, run ' +
      'CREATE EXTENSION citus as a superuser, add the workers (citus_add_node), and try again. Nothing was changed.'
    );
  }
  if (pending) {
    return 'Schema migrations are pending. Run the CLI command migrate, or start the service once, and try again. Nothing was changed.';
  }
  const [nodes] = await manager.query<{ servers: number }[]>(SERVERS);
  if (!nodes?.servers) {
    return (
      'There are no workers, so that all data would stay on the coordinator. Add each with ' +
      "SELECT citus_add_node('host', 5432), and try again. Nothing was changed."
    );
  }
  const [sessions] = await manager.query<{ others: number }[]>(OTHERS);
  const others = sessions?.others ?? 0;
  if (others === 0) return null;
  return (
    `The service is running (connections: ${others}) and would keep using the single-server storage form. Stop all ` +
    'instances, and try again. Nothing was changed.'
  );
}
