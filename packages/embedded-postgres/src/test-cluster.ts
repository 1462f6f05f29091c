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
import { canEnter, changeOwner, nobody, nodeRunsAsRoot } from './server-user.js';
import type { ServerUser } from './server-user.js';
import { LOOPBACK } from './tcp-port.js';
import { readPassword } from './tcp-password.js';

export interface TestCluster {
  /** URL of the database `postgres`, for `pg` and TypeORM. */
  url: string;
  dataDir: string;
  /** TCP port on 127.0.0.1, if requested. */
  tcpPort: number | undefined;
  /** Starts the server again on the same data and address. A running one is stopped immediately, as by a crash. */
  restart(): Promise<void>;
  /** Stops the server immediately and removes its data. Idempotent. */
  stop(): Promise<void>;
}

const SETTINGS = { max_connections: '200', timezone: 'UTC', log_timezone: 'UTC' };
const WITHOUT_DURABILITY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** Another one is used if this one is taken. */
const TLS_PORT = 54_323;

const MEMORY = '/dev/shm';
/** Containers often have 64 MB, which is too small for a cluster. */
const NEEDED_MEMORY_BYTES = 1024 ** 3;

const ignoreLog = () => undefined;

export interface TestClusterOptions {
  /** On disk, with fsync on: for tests that kill the server and expect its data. */
  durable?: boolean;
  /** Opens a TCP port with TLS, with this certificate and key (PEM). */
  tls?: { certificate: string; key: string };
  /** Configuration parameters in addition to the defaults of test clusters. */
  settings?: Record<string, string>;
}

/**
 * Starts a temporary PostgreSQL server for tests, in memory where possible. It is removed by `stop()`, or when this process
 * ends.
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
    await changeOwner(user, folder);
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
      foldersToRemove: [folder],
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

/** pg_ctl reuses the options of the previous start, which PostgreSQL keeps in the data folder. */
async function restart({ dataDir, binaries, user }: Cluster, { socketFolder, port }: ListenAddress): Promise<void> {
  await removeStalePostmasterPid(dataDir, ignoreLog);
  // Like that file, the socket's lock file may name a zombie.
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
    await changeOwner(user, path);
  }
}

async function parentFolder(durable: boolean, user: ServerUser | undefined): Promise<string> {
  const memory = durable ? undefined : await memoryFolder();
  if (memory !== undefined) return memory;
  // As root, TMPDIR may be a folder that the server's user cannot enter.
  return user && !(await canEnter(user, tmpdir())) ? '/tmp' : tmpdir();
}

/** A folder in memory with enough space for a cluster, if any. */
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
