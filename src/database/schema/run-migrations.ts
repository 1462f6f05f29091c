import { DataSource, type EntityManager, MigrationExecutor } from 'typeorm';
import type { DatabaseConnection } from '../../config/index.js';
import { getErrorMessage } from '../../common/index.js';
import { buildDataSourceOptions, SINGLE_CONNECTION } from './data-source-options.js';
import { isDuplicateTable, isReadOnly, findReadOnlyReason } from '../errors/index.js';
import { describeBrokenConstraint, validateConstraints } from './validate-constraints.js';

/** Key of the advisory lock that instances starting together take turns by; any number that is ours alone. */
const MIGRATION_LOCK = 7_265_118_402_331;

/**
 * Runs the pending migrations in one transaction: all of them, or none. An instance that starts at the same moment
 * waits until this one has finished, and then finds nothing left to do.
 *
 * @param warn is told of constraints that rows break
 * @throws Error that says so when the database takes no writes, or has tables of ours that something else made
 * @returns the names of the migrations that ran
 */
export async function migrate(
  connection: DatabaseConnection,
  warn: (message: string) => void = () => undefined,
): Promise<string[]> {
  const dataSource = new DataSource(buildDataSourceOptions(connection, SINGLE_CONNECTION, []));
  await dataSource.initialize();
  try {
    return await dataSource.transaction(async (manager) => {
      await lockMigrations(manager);
      const migrations = await runPendingMigrations(manager);
      for (const broken of await validateConstraints(manager)) warn(describeBrokenConstraint(broken));
      return migrations;
    });
  } catch (error) {
    if (isReadOnly(error)) throw new Error(await describeReadOnly(dataSource, connection), { cause: error });
    if (!isDuplicateTable(error)) throw error;
    throw new Error(
      `The database ${connection.database} holds a table that the migrations didn't make: ${getErrorMessage(error)}. ` +
        'Nothing was changed. If it is the agent_metrics of an older backend, take it over with `npm run cli -- migrate` ' +
        '(docs/migration.md); otherwise name an empty database in DATABASE_URL.',
      { cause: error },
    );
  } finally {
    await dataSource.destroy();
  }
}

async function describeReadOnly(dataSource: DataSource, { database }: DatabaseConnection): Promise<string> {
  const reason = (await findReadOnlyReason(dataSource)) ?? 'took no writes a moment ago';
  return (
    `The database ${database} ${reason}, so that the migrations can't run. Nothing was changed. Name the primary in ` +
    'DATABASE_URL, or let the database take writes again, and start the service again.'
  );
}

/**
 * Waits until nobody else migrates, until the manager's transaction ends. The lock is of the transaction, not of the
 * session: a transaction-pooling proxy may give the next statement to another session, and a process that is killed
 * leaves nothing locked.
 */
export async function lockMigrations(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
}

/** Runs the pending migrations in the manager's transaction, whose turn it must be. Returns their names. */
export async function runPendingMigrations({ dataSource, queryRunner }: EntityManager): Promise<string[]> {
  const executor = new MigrationExecutor(dataSource, queryRunner);
  executor.transaction = 'all';
  return (await executor.executePendingMigrations()).map(({ name }) => name);
}
