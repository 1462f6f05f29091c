import type { DataSourceOptions } from 'typeorm';
import type { DatabaseConnection } from '../config/database-url.js';
import { clientClass, clientConfig, CONNECT_TIMEOUT_MS } from './client.js';
import { MIGRATIONS } from './migrations/index.js';
import { observed } from './observed-client.js';
import { preparing } from './preparing-client.js';

/** How long a connection of a burst is kept when the burst is over. */
const OVERFLOW_IDLE_MS = 10_000;

/** How much longer than the server the client waits for a statement, before it gives the connection up. */
const ANSWER_MARGIN_MS = 5_000;

export interface PoolOptions {
  /** Connections that are kept open, and how many more a burst may open. */
  size: number;
  overflow: number;
  /** Whether statements are prepared once a connection. */
  prepare?: boolean;
  /** How long a statement may run, which the server sees to in transactions; undefined: without end. */
  statementMs?: number;
  /** Whether the server sees to that in all of the session. A pooler may refuse the parameter, or share the session. */
  boundSession?: boolean;
}

/** One connection, for work that needs a session of its own and may take long. */
export const SINGLE_CONNECTION: PoolOptions = { size: 1, overflow: 0 };

/** What TypeORM needs to use this server. The schema changes by migrations only. */
export function dataSourceOptions(
  connection: DatabaseConnection,
  { size, overflow, prepare = false, statementMs, boundSession = false }: PoolOptions,
  entities: NonNullable<DataSourceOptions['entities']>,
) {
  return {
    type: 'postgres',
    database: connection.database,
    poolSize: size + overflow,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      ...clientConfig(connection),
      Client: observed(prepare ? preparing(clientClass(connection)) : clientClass(connection)),
      min: size,
      idleTimeoutMillis: OVERFLOW_IDLE_MS,
      // A server that is gone without a word: in this mode `pg` closes a connection whose answer is overdue.
      pipeline: true,
      statement_timeout: boundSession ? statementMs : undefined,
      query_timeout: statementMs === undefined ? undefined : statementMs + ANSWER_MARGIN_MS,
    },
    // Makes gen_random_uuid() the default of ids, which PostgreSQL has without any extension.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    synchronize: false,
    entities,
    // Silent unless DEBUG=typeorm:*. The default one writes to stdout when a migration fails, where results belong.
    logger: 'debug',
    migrations: MIGRATIONS,
    migrationsTableName: 'agent_metrics_migrations',
  } as const satisfies DataSourceOptions;
}
