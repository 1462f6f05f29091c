import { prepareBinaries } from './binaries.js';
import type { Cluster } from './cluster.js';
import { initCluster, SUPERUSER } from './cluster.js';
import { isCluster, locateDataFolder, prepareExistingCluster, refuseForeignFiles } from './data-folder.js';
import type { ConnectionSettings } from './database.js';
import { createDatabaseIfMissing, setPassword } from './database.js';
import type { Log } from './log.js';
import { ownershipOf } from './owner.js';
import { currentPlatform, platformPackage } from './platform.js';
import { lastLogLines, stopPostmaster } from './postmaster.js';
import type { Postmaster } from './postmaster-pid.js';
import { findStartedPostmaster } from './postmaster-pid.js';
import type { Address, RunningServer } from './server.js';
import { startServer } from './server.js';
import { withStartupLock } from './startup-lock.js';
import { Supervisor } from './supervisor.js';
import { newPassword, passwordFile, readPassword, writePassword } from './tcp-password.js';
import { LOOPBACK } from './tcp-port.js';

export interface EmbeddedPostgresOptions {
  /** Data folder of the cluster; created if missing. */
  dataDir: string;
  /** Created if missing. */
  database: string;
  /** Also listens on this port of 127.0.0.1, for psql. If it is taken, another free port is used (5 attempts). */
  tcpPort?: number | undefined;
  /**
   * If another live process runs a server on the folder: 'refuse' (default) rejects; 'join' uses that server as a guest,
   * which never stops it. A server whose owner is dead is stopped, and a new one is started.
   */
  whenRunning?: 'refuse' | 'join';
  /** Receives one line per notable step. */
  log: Log;
}

export interface EmbeddedPostgres {
  /** For `pg` and TypeORM. The host is the folder of a Unix socket; on Windows 127.0.0.1, with a password. */
  connection: ConnectionSettings;
  /** Data folder in use. Differs from the requested one if Node runs as root and the server's user cannot enter that one. */
  dataDir: string;
  /** Open TCP port on 127.0.0.1, if any. */
  tcpPort?: number;
  /** True if the server belongs to another process. */
  guest: boolean;
  /** Reason while the server is down and being restarted, otherwise undefined. Always undefined for a guest. */
  outage(): string | undefined;
  /** Resolves with the reason when the server has ended and cannot be restarted. Never resolves for a guest. */
  lost: Promise<Error>;
  /** `pg_ctl stop -m fast`, after 10 s `-m immediate`. Idempotent; no effect for a guest. Close connections first. */
  stop(): Promise<void>;
}

/** For a guest, which never restarts the server. */
const NEVER = new Promise<Error>(() => undefined);

const SETTINGS = { max_connections: '100', timezone: 'UTC', log_timezone: 'UTC' };

/**
 * Starts PostgreSQL from the npm package of this platform. Creates the data folder, the cluster and the database if missing.
 * The server ends with `stop()` or when Node dies. If it ends otherwise, it is restarted at the same address, at most five
 * times with pauses of 0 to 8 s. No signal handler is installed: on SIGTERM, the caller closes its connections, then calls
 * `stop()`.
 *
 * @throws Error whose message states cause and remedy: no binaries for this platform, data of another major version, a
 * server that is already running, a failed start (with the last 20 lines of the server log)
 *
 * @example
 * const postgres = await startEmbeddedPostgres({ dataDir: '.data/postgres', database: 'metrics', log: console.log });
 * const pool = new Pool(postgres.connection);
 * // …
 * await pool.end();
 * await postgres.stop();
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const packageName = platformPackage(currentPlatform());
  const { dataDir, user } = await locateDataFolder(options.dataDir, log);
  const binaries = await prepareBinaries({ packageName, user, linkFolder: `${dataDir}.lib`, log });
  const cluster = { dataDir, binaries, user };

  return withStartupLock(lockFile(dataDir), async () => {
    if (await isCluster(dataDir)) {
      await prepareExistingCluster(cluster, binaries.majorVersion, log);
      const running = await serverOfLiveOwner(cluster, options);
      if (running) return joinAsGuest(cluster, running, options);
    } else {
      await refuseForeignFiles(dataDir);
      await initCluster(cluster);
      log(`Created a PostgreSQL ${binaries.majorVersion} cluster in ${dataDir}.`);
    }
    return startAsOwner(cluster, options);
  });
}

function lockFile(dataDir: string): string {
  return `${dataDir}.lock`;
}

/** @throws Error if there is such a server and the caller does not join it */
async function serverOfLiveOwner(cluster: Cluster, options: EmbeddedPostgresOptions): Promise<Postmaster | undefined> {
  const { dataDir } = cluster;
  const running = await findStartedPostmaster(dataDir);
  if (!running) return undefined;
  const owner = await ownershipOf(dataDir, running);
  if (owner.kind === 'dead' || running.status === 'stopping') {
    await stopPostmaster(cluster);
    options.log(`Stopped a PostgreSQL server (process ${running.pid}) that had been left running on ${dataDir}.`);
    return undefined;
  }
  if (options.whenRunning === 'join') return running;
  const starter = owner.kind === 'alive' ? `process ${owner.pid} started it` : 'it was not started by this package';
  throw new Error(
    `A PostgreSQL server (process ${running.pid}) is already running on ${dataDir}: ${starter}. ` +
      'Stop that server, choose another folder, or use another PostgreSQL server.',
  );
}

async function joinAsGuest(
  { dataDir }: Cluster,
  { pid, port, socketFolder, tcpHost }: Postmaster,
  { database, log }: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const address = { socketFolder, port, tcp: tcpHost !== undefined };
  const connection = await connectionTo(address, dataDir, database);
  await createDatabaseIfMissing(connection);
  log(`Joined the PostgreSQL server (process ${pid}) that is running on ${dataDir}.`);
  const tcp = address.tcp ? { tcpPort: port } : {};
  return {
    connection,
    dataDir,
    ...tcp,
    guest: true,
    outage: () => undefined,
    lost: NEVER,
    stop: () => Promise.resolve(),
  };
}

async function startAsOwner(
  cluster: Cluster,
  { database, tcpPort, log }: EmbeddedPostgresOptions,
): Promise<EmbeddedPostgres> {
  const { dataDir } = cluster;
  const server = await startServer({ cluster, settings: SETTINGS, tcpPort, log });
  try {
    const { address } = server;
    const connection = await connectionTo(address, dataDir, database);
    await createDatabaseIfMissing(connection);
    const tcp = address.tcp ? { tcpPort: address.port } : {};
    if (address.tcp) {
      await restorePassword(cluster, connection);
      const login = `psql -h ${LOOPBACK} -p ${address.port} -U ${SUPERUSER} ${database}`;
      log(`PostgreSQL listens on TCP: PGPASSWORD="$(cat '${passwordFile(dataDir)}')" ${login}`);
    }
    const supervisor = supervise(server, dataDir, log);
    const stop = async () => {
      await supervisor.stop();
      await server.stop();
    };
    return {
      connection,
      dataDir,
      ...tcp,
      guest: false,
      outage: () => supervisor.outage(),
      lost: supervisor.lost,
      stop,
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function supervise(server: RunningServer, dataDir: string, log: Log): Supervisor {
  const supervised = {
    name: `PostgreSQL on ${dataDir}`,
    isRunning: () => server.isRunning(),
    restart: () => withStartupLock(lockFile(dataDir), () => server.restart()),
    logTail: () => lastLogLines(dataDir),
  };
  return new Supervisor(supervised, log);
}

async function connectionTo(address: Address, dataDir: string, database: string): Promise<ConnectionSettings> {
  const common = { port: address.port, user: SUPERUSER, database };
  if (address.socketFolder !== undefined) return { host: address.socketFolder, ...common };
  return { host: LOOPBACK, ...common, password: await readPassword(dataDir) };
}

/** If the file was removed, sets a new password through the socket. */
async function restorePassword({ dataDir, user }: Cluster, connection: ConnectionSettings): Promise<void> {
  const known = await readPassword(dataDir).catch(() => undefined);
  if (known !== undefined) return;
  const password = newPassword();
  await setPassword(connection, password);
  await writePassword(dataDir, password, user);
}
