import type { DataSourceOptions } from 'typeorm';
import type { DatabaseConnection } from '../config/database-url.js';
import { clientClass, clientConfig, CONNECT_TIMEOUT_MS } from './client.js';
import { MIGRATIONS } from './migrations/index.js';

/** How long a connection of a burst is kept when the burst is over. */
const OVERFLOW_IDLE_MS = 10_000;

/** Connections that are kept open, and how many more a burst may open. */
export interface PoolSize {
  size: number;
  overflow: number;
}

/** One connection, for work that needs a session of its own. */
export const SINGLE_CONNECTION: PoolSize = { size: 1, overflow: 0 };

/** What TypeORM needs to use this server. The schema changes by migrations only. */
export function dataSourceOptions(
  connection: DatabaseConnection,
  pool: PoolSize,
  entities: NonNullable<DataSourceOptions['entities']>,
) {
  return {
    type: 'postgres',
    database: connection.database,
    poolSize: pool.size + pool.overflow,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      ...clientConfig(connection),
      Client: clientClass(connection),
      min: pool.size,
      idleTimeoutMillis: OVERFLOW_IDLE_MS,
    },
    // Makes gen_random_uuid() the default of ids, which PostgreSQL has without any extension.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    synchronize: false,
    entities,
    migrations: MIGRATIONS,
    migrationsTableName: 'agent_metrics_migrations',
  } as const satisfies DataSourceOptions;
}
