import type { DataSource, EntityManager } from 'typeorm';
import { CITUS, findStorageForm } from '../database/storage/index.js';
import { lockMigrations } from '../database/schema/index.js';
import { distributionPlan, type PlannedStatement } from './distribution-plan.js';

/** What stands between a database and its distributed form, and what is to be done about it. */
export type Obstacle = string;

/** What a database is, and what it would take to distribute it. */
export interface Prospect {
  /** Whether it is distributed already: then there is nothing to do. */
  distributed: boolean;
  statements: PlannedStatement[];
  /** Why it can't be distributed now; null when it can. */
  obstacle: Obstacle | null;
}

/** Where the tables are that the service finds: migrations made them there. */
const SCHEMA = `
  SELECT quote_ident(nspname) AS schema FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
   WHERE pg_class.oid = 'agent_metrics'::regclass`;
const HAS_CITUS = "SELECT EXISTS (SELECT FROM pg_proc WHERE proname = 'create_distributed_table') AS exists";
/** Other sessions of the service and its commands, as far as this role may see them. */
const OTHERS = `
  SELECT count(*)::integer AS others FROM pg_stat_activity
   WHERE datname = current_database() AND application_name = current_setting('application_name')
     AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;

/** What somebody uses isn't waited for long, as all others would then wait too. */
const LOCK_TIMEOUT = "SET LOCAL lock_timeout = '10s'";

/**
 * What `distribute` would do. Changes nothing.
 *
 * @throws Error when the tables aren't there
 */
export async function prospectOf(dataSource: DataSource): Promise<Prospect> {
  const pending = await dataSource.showMigrations();
  return prospectIn(dataSource.manager, pending);
}

/**
 * Turns the database into the distributed form, in one transaction: all of it, or nothing.
 *
 * @param dataSource with one connection, to the coordinator
 * @throws Error with the obstacle where there is one
 */
export async function distribute(dataSource: DataSource): Promise<Prospect> {
  const pending = await dataSource.showMigrations();
  return dataSource.transaction(async (manager) => {
    await manager.query(LOCK_TIMEOUT);
    // An instance that starts now waits, and then finds the new form.
    await lockMigrations(manager);
    const prospect = await prospectIn(manager, pending);
    if (prospect.distributed) return prospect;
    if (prospect.obstacle !== null) throw new Error(prospect.obstacle);
    for (const { sql } of prospect.statements) await manager.query(sql);
    return prospect;
  });
}

async function prospectIn(manager: EntityManager, pending: boolean): Promise<Prospect> {
  const [table] = await manager.query<{ schema: string }[]>(SCHEMA);
  if (!table) throw new Error('agent_metrics belongs to no schema');
  if ((await findStorageForm(manager)) === CITUS) return { distributed: true, statements: [], obstacle: null };
  return {
    distributed: false,
    statements: distributionPlan(table.schema),
    obstacle: await obstacleIn(manager, pending),
  };
}

async function obstacleIn(manager: EntityManager, pending: boolean): Promise<Obstacle | null> {
  const [citus] = await manager.query<{ exists: boolean }[]>(HAS_CITUS);
  if (!citus?.exists) {
    return (
      'The extension Citus is not installed in this database: on a server that has it in shared_preload_libraries, run ' +
      'CREATE EXTENSION citus as a superuser, add the workers (citus_add_node), and try again. Nothing was changed.'
    );
  }
  if (pending) {
    return 'Migrations are pending: run the command migrate, or start the service once, and try again. Nothing was changed.';
  }
  const [sessions] = await manager.query<{ others: number }[]>(OTHERS);
  const others = sessions?.others ?? 0;
  if (others === 0) return null;
  return (
    `The service is running (connections: ${others}), and would go on in the old form. Stop all instances, and try ` +
    'again. Nothing was changed.'
  );
}
