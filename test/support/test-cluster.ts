import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareBinaries } from '../../src/database/embedded/binaries.js';
import { initCluster, SUPERUSER } from '../../src/database/embedded/cluster.js';
import { currentPlatform, platformPackage } from '../../src/database/embedded/platform.js';
import type { RunningServer } from '../../src/database/embedded/server.js';
import { startServer } from '../../src/database/embedded/server.js';
import { canEnter, giveTo, nobody, nodeRunsAsRoot } from '../../src/database/embedded/server-user.js';
import type { ServerUser } from '../../src/database/embedded/server-user.js';
import { LOOPBACK } from '../../src/database/embedded/tcp-port.js';
import { readPassword } from '../../src/database/embedded/tcp-password.js';

export interface TestCluster {
  /** Of the database `postgres`, in the form pg and TypeORM take. */
  url: string;
  /** Stops the server without care for its data and removes it; idempotent. */
  stop(): Promise<void>;
}

const SETTINGS = { max_connections: '200', timezone: 'UTC', log_timezone: 'UTC' };
const WITHOUT_DURABILITY = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

const MEMORY = '/dev/shm';
/** Containers often have 64 MB there: too little for a cluster. */
const NEEDED_MEMORY_BYTES = 1024 ** 3;

const ignoreLog = () => undefined;

/**
 * Starts a PostgreSQL of its own for tests, in memory where that is possible. It goes away with `stop()`, or by itself when
 * the process dies.
 *
 * @param options.durable true for tests that kill the server and expect the data to be there: on disk, with fsync on.
 */
export async function startTestCluster({ durable = false } = {}): Promise<TestCluster> {
  const user = nodeRunsAsRoot() ? await nobody() : undefined;
  const folder = await mkdtemp(join(await parentFolder(durable, user), 'lvlup-test-'));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 10 });
  let server: RunningServer;
  const dataDir = join(folder, 'data');
  try {
    await giveTo(user, folder);
    const packageName = platformPackage(currentPlatform());
    const binaries = await prepareBinaries({ packageName, user, linkFolder: join(folder, 'lib'), log: ignoreLog });
    const cluster = { dataDir, binaries, user };
    await initCluster(cluster, ['--no-sync']);
    server = await startServer({
      cluster,
      settings: durable ? SETTINGS : { ...SETTINGS, ...WITHOUT_DURABILITY },
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
  return { url: await urlOf(server, dataDir), stop: () => (stopped ??= stop()) };
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
