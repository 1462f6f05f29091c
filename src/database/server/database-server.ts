import { join } from 'node:path';
import type { EmbeddedPostgresOptions, Log } from 'lvlup-embedded-postgres';
import { getErrorMessage } from '../../common/index.js';
import { type DatabaseConnection, formatServers, type Settings } from '../../config/index.js';
import { waitForServer } from './wait-for-server.js';

/** The PostgreSQL server to work with, reachable when this is returned. */
export interface DatabaseServer {
  connection: DatabaseConnection;
  /** The server behind a pooler; the same as `connection` where there is none. */
  direct: DatabaseConnection;
  /** Where the data is, for people. */
  description: string;
  /** Reason while the server that was started here is down and being restarted, otherwise undefined. */
  outage: () => string | undefined;
  /** Resolves with the reason when the server that was started here has ended for good. */
  lost: Promise<Error>;
  /** Stops what was started here. To be called after the last connection is closed. */
  stop(): Promise<void>;
}

const EMBEDDED_DATABASE = 'lvlup';

const EXTERNAL_SERVER = {
  outage: () => undefined,
  lost: new Promise<Error>(() => undefined),
  stop: () => Promise.resolve(),
};

/**
 * Reaches the server that the settings name, or starts the embedded one.
 *
 * @param whenRunning what to do when another process runs the embedded server: refuse, or join it as a guest
 * @throws Error that says what failed and what to do
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
