import { join } from 'node:path';
import type { EmbeddedPostgresOptions, Log } from 'lvlup-embedded-postgres';
import { getErrorMessage } from '../../common/index.js';
import { type DatabaseConnection, formatServers, type Settings } from '../../config/index.js';
import { waitForServer } from './wait-for-server.js';

/** A reachable PostgreSQL server. */
export interface DatabaseServer {
  connection: DatabaseConnection;
  /** The server behind a connection pooler; the same as `connection` without one. */
  direct: DatabaseConnection;
  /** Location of the data, for messages. */
  description: string;
  /** Reason why the embedded server is unavailable while it restarts; undefined otherwise. */
  outage: () => string | undefined;
  /** Resolves with the reason when the embedded server has ended permanently. */
  lost: Promise<Error>;
  /** Stops the embedded server if this process started it. Call it after closing all connections. */
  stop(): Promise<void>;
}

const EMBEDDED_DATABASE = 'lvlup';

const EXTERNAL_SERVER = {
  outage: () => undefined,
  lost: new Promise<Error>(() => undefined),
  stop: () => Promise.resolve(),
};

/**
 * Waits for the configured server, or starts the embedded PostgreSQL.
 *
 * @param whenRunning whether to refuse or join an embedded server that another process runs
 * @throws Error that describes the failure and the remedy
 */
export async function openDatabaseServer(
  { database, embedded }: Settings,
  log: Log,
  whenRunning: NonNullable<EmbeddedPostgresOptions['whenRunning']> = 'refuse',
): Promise<DatabaseServer> {
  const { connection, direct } = database;
  if (connection && direct) {
    await waitForServer(direct, database.connectTimeoutMs, log);
    const description = `${connection.database} at ${formatServers(connection)}`;
    return { connection, direct, description, ...EXTERNAL_SERVER };
  }
  const { startEmbeddedPostgres } = await loadEmbeddedPostgres();
  const server = await startEmbeddedPostgres({
    dataDir: join(embedded.dataDir, 'postgres'),
    database: EMBEDDED_DATABASE,
    tcpPort: embedded.port,
    whenRunning,
    log,
  }).catch((cause: unknown) => {
    const settings = `DATABASE_URL is not set, DATA_DIR is ${embedded.dataDir}`;
    throw new Error(`Embedded PostgreSQL (${settings}): ${getErrorMessage(cause)}`, { cause });
  });
  const local: DatabaseConnection = { ...server.connection, ssl: false, channelBinding: 'disable' };
  return {
    connection: local,
    direct: local,
    description: `embedded PostgreSQL in ${server.dataDir}`,
    outage: () => server.outage(),
    lost: server.lost,
    stop: () => server.stop(),
  };
}

/** The package is a development dependency: production installs lack it. */
async function loadEmbeddedPostgres() {
  try {
    return await import('lvlup-embedded-postgres');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new Error(
      'DATABASE_URL is not set and the package lvlup-embedded-postgres is not installed: set DATABASE_URL, ' +
        'or run "npm ci" without --omit=dev and then "npm run build".',
      { cause },
    );
  }
}
