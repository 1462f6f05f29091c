import type { DataSourceOptions } from 'typeorm';
import type { DatabaseConnection } from '../../config/index.js';
import {
  selectClientClass,
  buildClientConfig,
  CONNECT_TIMEOUT_MS,
  withObservation,
  withSessionSettings,
  type PinnedClient,
  withPreparedStatements,
  type Timeouts,
} from '../client/index.js';
import { MIGRATIONS } from '../migrations/index.js';

/** How long a connection of a burst is kept when the burst is over. */
const OVERFLOW_IDLE_MS = 10_000;

/** How much longer than the server the client waits for a statement, before it gives the connection up. */
const RESPONSE_MARGIN_MS = 5_000;

export interface PoolOptions extends Timeouts {
  /** Connections that are kept open, and how many more a burst may open. */
  size: number;
  overflow: number;
  /** Whether statements are prepared once a connection. */
  prepare?: boolean;
}

/** One connection, for work that needs a session of its own and may take long. */
export const SINGLE_CONNECTION: PoolOptions = { size: 1, overflow: 0 };

/** What TypeORM needs to use this server. The schema changes by migrations only. */
export function buildDataSourceOptions(
  connection: DatabaseConnection,
  { size, overflow, prepare = false, ...timeouts }: PoolOptions,
  entities: NonNullable<DataSourceOptions['entities']>,
) {
  const { statementMs } = timeouts;
  const Client = withSessionSettings(selectClientClass(connection), timeouts);
  return {
    type: 'postgres',
    database: connection.database,
    poolSize: size + overflow,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    extra: {
      ...buildClientConfig(connection),
      Client: withObservation(prepare ? withPreparedStatements(Client) : Client),
      onConnect: (client: PinnedClient) => client.pinSession(),
      min: size,
      idleTimeoutMillis: OVERFLOW_IDLE_MS,
      // A server that is gone without a word: in this mode `pg` closes a connection whose answer is overdue.
      pipeline: true,
      query_timeout: statementMs === undefined ? undefined : statementMs + RESPONSE_MARGIN_MS,
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
