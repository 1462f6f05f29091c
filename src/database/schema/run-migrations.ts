import { DataSource, type EntityManager, MigrationExecutor } from 'typeorm';
import type { DatabaseConnection } from '../../config/index.js';
import { getErrorMessage } from '../../common/index.js';
import { buildDataSourceOptions, SINGLE_CONNECTION } from './data-source-options.js';
import { isDuplicateTable, isReadOnly, findReadOnlyReason } from '../errors/index.js';
import { describeBrokenConstraint, validateConstraints } from './validate-constraints.js';

/** Key of the advisory lock that serializes schema migrations. Arbitrary, but unique to this service. */
const MIGRATION_LOCK = 7_265_118_402_331;

/**
 * Runs the pending schema migrations in one transaction. Concurrent instances wait, and then find none pending.
 *
 * @param warn receives a warning for each constraint that rows violate
 * @throws Error if the database is read-only, or contains a table of the service that no schema migration created
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
      `The database ${connection.database} contains a table that no schema migration created: ${getErrorMessage(error)}. ` +
        'Nothing was changed. If it is the agent_metrics table of an old backend, migrate it with `npm run cli -- migrate` ' +
        '(docs/migration.md); otherwise set DATABASE_URL to an empty database.',
      { cause: error },
    );
  } finally {
    await dataSource.destroy();
  }
}

async function describeReadOnly(dataSource: DataSource, { database }: DatabaseConnection): Promise<string> {
  const reason = (await findReadOnlyReason(dataSource)) ?? 'was read-only a moment ago';
  return (
    `The database ${database} ${reason}, so that the schema migrations cannot run. Nothing was changed. Set DATABASE_URL to ` +
    'the primary, or make the database writable, and start the service again.'
  );
}

/**
 * Acquires the migration lock for the manager's transaction. A lock of the session would not work behind a
 * transaction-pooling proxy, which may run the next statement in another session.
 */
export async function lockMigrations(manager: EntityManager): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
}

/** Runs the pending schema migrations in the manager's transaction, which must hold the lock. Returns their names. */
export async function runPendingMigrations({ dataSource, queryRunner }: EntityManager): Promise<string[]> {
  const executor = new MigrationExecutor(dataSource, queryRunner);
  executor.transaction = 'all';
  return (await executor.executePendingMigrations()).map(({ name }) => name);
}
