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
  /** Folder that holds the cluster; created when missing. */
  dataDir: string;
  /** Name of the database that is created when missing. */
  database: string;
  /** Opens this TCP port on 127.0.0.1 as well so psql can look in (another free one, 5 tries, when taken). */
  tcpPort?: number | undefined;
  /**
   * What to do when a live owner runs a server on the folder. 'refuse' (default): an Error with a clear message; 'join': use
   * it as a guest and never stop it. The server of a dead owner is stopped and started anew.
   */
  whenRunning?: 'refuse' | 'join';
  /** Receives one line per noteworthy step (copying binaries, moved data folder, the end of the server...). */
  log: Log;
}

export interface EmbeddedPostgres {
  /** For pg / TypeORM: host is a unix socket folder (or 127.0.0.1 on Windows), user, password only on Windows. */
  connection: ConnectionSettings;
  /** Where the data really is: another folder than asked for when Node runs as root and the server can't reach that one. */
  dataDir: string;
  /** The TCP port open on 127.0.0.1, if any. */
  tcpPort?: number;
  /** True when joined as a guest. */
  guest: boolean;
  /** Why there is no server at the moment, while it is being started again; undefined otherwise, and for a guest always. */
  outage(): string | undefined;
  /** Resolves with the reason when the server has ended and can't be started again. For a guest it never does. */
  lost: Promise<Error>;
  /** `pg_ctl stop -m fast`, `immediate` after 10 s; a no-op for a guest; idempotent. Drain the application first. */
  stop(): Promise<void>;
}

/** For a server that isn't ours to start again. */
const NEVER = new Promise<Error>(() => undefined);

const SETTINGS = { max_connections: '100', timezone: 'UTC', log_timezone: 'UTC' };

/**
 * Starts PostgreSQL from the npm package of this platform on a folder of its own, which it makes when it is missing. The
 * server ends with `stop()`, or when Node dies. When it ends by itself or is killed, it is started again at the same
 * address, at most five times with pauses of 0 to 8 s; then it is lost. No signal handler is installed: on SIGTERM the caller drains, then stops.
 *
 * @throws Error that says what failed and what to do: no binaries for this platform, data of another major version, a
 * server that is already running, a failed start (with the last 20 lines of its log).
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
      log(`Made a PostgreSQL ${binaries.majorVersion} cluster in ${dataDir}.`);
    }
    return startAsOwner(cluster, options);
  });
}

function lockFile(dataDir: string): string {
  return `${dataDir}.lock`;
}

/** @throws Error when there is such a server and the caller doesn't want to join it. */
async function serverOfLiveOwner(cluster: Cluster, options: EmbeddedPostgresOptions): Promise<Postmaster | undefined> {
  const { dataDir } = cluster;
  const running = await findStartedPostmaster(dataDir);
  if (!running) return undefined;
  const owner = await ownershipOf(dataDir, running);
  if (owner.kind === 'dead' || running.status === 'stopping') {
    await stopPostmaster(cluster);
    options.log(`Stopped a PostgreSQL server (process ${running.pid}) that was left running on ${dataDir}.`);
    return undefined;
  }
  if (options.whenRunning === 'join') return running;
  const starter = owner.kind === 'alive' ? `process ${owner.pid} started it` : 'it was not started by this application';
  throw new Error(
    `A PostgreSQL server (process ${running.pid}) is already running on ${dataDir}: ${starter}. ` +
      'Stop that one first, choose another folder, or set DATABASE_URL.',
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
      await supervisor.end();
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
    startAgain: () => withStartupLock(lockFile(dataDir), () => server.startAgain()),
    lastWords: () => lastLogLines(dataDir),
  };
  return new Supervisor(supervised, log);
}

async function connectionTo(address: Address, dataDir: string, database: string): Promise<ConnectionSettings> {
  const common = { port: address.port, user: SUPERUSER, database };
  if (address.socketFolder !== undefined) return { host: address.socketFolder, ...common };
  return { host: LOOPBACK, ...common, password: await readPassword(dataDir) };
}

/** Somebody may have removed the file: behind the socket a new password can be set. */
async function restorePassword({ dataDir, user }: Cluster, connection: ConnectionSettings): Promise<void> {
  const known = await readPassword(dataDir).catch(() => undefined);
  if (known !== undefined) return;
  const password = newPassword();
  await setPassword(connection, password);
  await writePassword(dataDir, password, user);
}
