import { DataSource, type DataSourceOptions } from 'typeorm';
import { buildSearchPath } from '../client/index.js';
import { MIGRATIONS } from '../migrations/index.js';
import { MIGRATIONS_TABLE } from './migrations-table.js';
import { lockMigrations, runPendingMigrations } from './run-migrations.js';

/** Maximum length of a name in PostgreSQL. */
const NAME_MAX_BYTES = 63;

/**
 * Runs the pending schema migrations in one transaction, on a connection of its own with the options of the DataSource.
 * Concurrent calls wait, and then find none pending. Creates the schema if it does not exist.
 *
 * @param dataSource need not be initialized; its entities and migrations are not used
 * @param schema default: the schema of the DataSource, or the first schema of the search path
 * @returns the names of the migrations that ran
 */
export async function migrateHost({ options }: DataSource, schema?: string): Promise<string[]> {
  if (options.type !== 'postgres') throw new Error(`The tables need PostgreSQL, but the DataSource is ${options.type}`);
  const target = schema ?? options.schema;
  if (target !== undefined) assertSchemaName(target);
  const migrating = new DataSource({
    ...options,
    schema: target,
    entityPrefix: '',
    poolSize: 1,
    entities: [],
    subscribers: [],
    migrations: MIGRATIONS,
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsRun: false,
    synchronize: false,
    dropSchema: false,
  } as DataSourceOptions);
  await migrating.initialize();
  try {
    return await migrating.transaction(async (manager) => {
      await lockMigrations(manager);
      if (target !== undefined) {
        await manager.query(`CREATE SCHEMA IF NOT EXISTS ${buildSearchPath(target)}`);
        await manager.query(`SET LOCAL search_path TO ${buildSearchPath(target)}`);
      }
      return await runPendingMigrations(manager);
    });
  } finally {
    await migrating.destroy();
  }
}

/** @throws Error if the name cannot be the schema of the tables: TypeORM cannot quote `"` and `.` */
export function assertSchemaName(schema: string): void {
  if (schema === '' || Buffer.byteLength(schema) > NAME_MAX_BYTES || /[".\0]/.test(schema)) {
    throw new Error(`The schema must be 1 to ${NAME_MAX_BYTES} bytes without quotation marks and dots`);
  }
}
