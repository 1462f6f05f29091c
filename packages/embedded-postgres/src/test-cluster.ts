import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareBinaries } from './binaries.js';
import { type Cluster, initCluster, SUPERUSER } from './cluster.js';
import { currentPlatform, platformPackage } from './platform.js';
import { findPostmaster, type ListenAddress, removeStalePostmasterPid } from './postmaster-pid.js';
import { runProgram } from './program.js';
import type { RunningServer } from './server.js';
import { startServer } from './server.js';
import { canEnter, giveTo, nobody, nodeRunsAsRoot } from './server-user.js';
import type { ServerUser } from './server-user.js';
import { LOOPBACK } from './tcp-port.js';
import { readPassword } from './tcp-password.js';

export interface TestCluster {
  /** Of the database `postgres`, in the form pg and TypeORM take. */
  url: string;
  dataDir: string;
  /** The TCP port on 127.0.0.1, where one was asked for. */
  tcpPort: number | undefined;
  /** Starts the server again on the same data, at the same address. One that runs is stopped at once, as by a crash. */
  restart(): Promise<void>;
  /** Stops the server without care for its data and removes it; idempotent. */
  stop(): Promise<void>;
}

const SETTINGS = { max_connections: '200', timezone: 'UTC', log_timezone: 'UTC' };
const WITHOUT_DURABILITY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Another one is taken when this one is in use. */
const TLS_PORT = 54_323;

const MEMORY = '/dev/shm';
/** Containers often have 64 MB there: too little for a cluster. */
const NEEDED_MEMORY_BYTES = 1024 ** 3;

const ignoreLog = () => undefined;

export interface TestClusterOptions {
  /** For tests that kill the server and expect the data to be there: on disk, with fsync on. */
  durable?: boolean;
  /** Opens a TCP port that takes TLS, with this certificate and key (PEM). */
  tls?: { certificate: string; key: string };
  /** Configuration parameters that are to differ from those of every test cluster. */
  settings?: Record<string, string>;
}

/**
 * Starts a PostgreSQL of its own for tests, in memory where that is possible. It goes away with `stop()`, or by itself when
 * the process dies.
 */
export async function startTestCluster({
  durable = false,
  tls,
  settings,
}: TestClusterOptions = {}): Promise<TestCluster> {
  const user = nodeRunsAsRoot() ? await nobody() : undefined;
  const folder = await mkdtemp(join(await parentFolder(durable, user), 'lvlup-test-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 10 });
  let server: RunningServer;
  let cluster: Cluster;
  const dataDir = join(folder, 'data');
  try {
    await giveTo(user, folder);
    const packageName = platformPackage(currentPlatform());
    const binaries = await prepareBinaries({ packageName, user, linkFolder: join(folder, 'lib'), log: ignoreLog });
    cluster = { dataDir, binaries, user };
    await initCluster(cluster, ['--no-sync']);
    if (tls) await writeTlsFiles(dataDir, user, tls);
    server = await startServer({
      cluster,
      settings: { ...SETTINGS, ...(!durable && WITHOUT_DURABILITY), ...(tls && { ssl: 'on' }), ...settings },
      tcpPort: tls && TLS_PORT,
      stopModes: ['immediate'],
      removeWhenNodeDies: [folder],
      log: ignoreLog,
    });
  } catch (error) {
    await remove();
    throw error;
  }
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await server.stop();
    await remove();
  };
  return {
    url: await urlOf(server, dataDir),
    dataDir,
    tcpPort: server.address.tcp ? server.address.port : undefined,
    restart: () => restart(cluster, server.address),
    stop: () => (stopped ??= stop()),
  };
}

/** PostgreSQL keeps in the data folder what it was started with, and pg_ctl uses it again. */
async function restart({ dataDir, binaries, user }: Cluster, { socketFolder, port }: ListenAddress): Promise<void> {
  await removeStalePostmasterPid(dataDir, ignoreLog);
  // As that file, the socket's lock names a process that may be gone and not yet be buried.
  if (socketFolder !== undefined && !(await findPostmaster(dataDir))) {
    await rm(join(socketFolder, `.s.PGSQL.${port}.lock`), { force: true });
  }
  const { exitCode, output } = await runProgram(
    binaries.pgCtl,
    ['restart', '-w', '-m', 'immediate', '-D', dataDir, '-l', join(dataDir, 'server.log')],
    { user, environment: binaries.environment },
  );
  if (exitCode !== 0) throw new Error(`PostgreSQL did not start again on ${dataDir}: ${output}`);
}

async function writeTlsFiles(
  dataDir: string,
  user: ServerUser | undefined,
  { certificate, key }: { certificate: string; key: string },
): Promise<void> {
  for (const [name, content] of [
    ['server.crt', certificate],
    ['server.key', key],
  ] as const) {
    const path = join(dataDir, name);
    await writeFile(path, content, { mode: 0o600 });
    await giveTo(user, path);
  }
}

async function parentFolder(durable: boolean, user: ServerUser | undefined): Promise<string> {
  const memory = durable ? undefined : await memoryFolder();
  if (memory !== undefined) return memory;
  // As root, TMPDIR may be a folder that the server's user can't enter.
  return user && !(await canEnter(user, tmpdir())) ? '/tmp' : tmpdir();
}

/** A folder in memory that has room for a cluster, where there is one. */
export async function memoryFolder(): Promise<string | undefined> {
  try {
    const { bavail, bsize } = await statfs(MEMORY);
    return bavail * bsize >= NEEDED_MEMORY_BYTES ? MEMORY : undefined;
  } catch {
    return undefined;
  }
}

async function urlOf({ address }: RunningServer, dataDir: string): Promise<string> {
  const { socketFolder, port } = address;
  if (socketFolder === undefined) {
    return `postgresql://${SUPERUSER}:${await readPassword(dataDir)}@${LOOPBACK}:${port}/postgres`;
  }
  return `postgresql://${SUPERUSER}@localhost/postgres?host=${encodeURIComponent(socketFolder)}&port=${port}`;
}
