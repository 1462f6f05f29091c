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
import { MIGRATIONS_TABLE } from './migrations-table.js';

/** Time for which an additional connection is kept idle, in milliseconds. */
const OVERFLOW_IDLE_MS = 10_000;

/** Time that the client waits longer than the server's statement timeout before it closes the connection. */
const RESPONSE_MARGIN_MS = 5_000;

export interface PoolOptions extends Timeouts {
  /** Connections that are kept open, and additional ones under load. */
  size: number;
  overflow: number;
  /** Whether statements are prepared. */
  prepare?: boolean;
}

/** A single connection without timeouts, for long work. */
export const SINGLE_CONNECTION: PoolOptions = { size: 1, overflow: 0 };

/** Builds the TypeORM options. Only schema migrations change the schema. */
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
      // In pipeline mode, `pg` closes a connection whose response is overdue, such as after a network failure.
      pipeline: true,
      query_timeout: statementMs === undefined ? undefined : statementMs + RESPONSE_MARGIN_MS,
    },
    // Makes gen_random_uuid() the default of ids, which needs no extension.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    synchronize: false,
    entities,
    // Silent unless DEBUG=typeorm:*. The default logger writes to stdout, which CLI commands use for results.
    logger: 'debug',
    migrations: MIGRATIONS,
    migrationsTableName: MIGRATIONS_TABLE,
  } as const satisfies DataSourceOptions;
}
