import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Binaries } from './binaries.js';
import { postgresProcessesOn } from './process-table.js';
import { runProgram } from './program.js';
import type { ServerUser } from './server-user.js';
import { changeOwner } from './server-user.js';
import { newPassword, passwordFile } from './tcp-password.js';

/** A data folder with the programs and the user that run a server on it. */
export interface Cluster {
  dataDir: string;
  binaries: Binaries;
  /** Undefined: the server runs as Node's user. */
  user: ServerUser | undefined;
}

/** Superuser of the clusters that this package creates. */
export const SUPERUSER = 'postgres';

const SHOWN_LOG_LINES = 20;
const ORPHAN_WAIT_MILLISECONDS = 10_000;
const ORPHAN_POLL_MILLISECONDS = 100;

/** macOS and Windows may lack the system locale C.UTF-8. The built-in one is always available. */
const LOCALE = process.platform === 'linux' ? ['--locale=C.UTF-8'] : ['--locale=C', '--builtin-locale=C.UTF-8'];

const UNKNOWN_USER = 'could not look up effective user ID';
const UNKNOWN_USER_ADVICE =
  `PostgreSQL cannot run as user ${process.getuid?.() ?? ''}, which has no entry in /etc/passwd. Add one, run Node as ` +
  'another user, or use another PostgreSQL server.';

/** pg_ctl passes these paths to the shell in double quotes. */
const UNSAFE_IN_SHELL = process.platform === 'win32' ? /["%]/ : /["$`\\\n]/;

/**
 * Creates the cluster with initdb in `<dataDir>.init` and renames it when it is complete, so that `<dataDir>` never holds an
 * incomplete cluster, even after a crash of the machine. Remains of interrupted attempts are removed.
 *
 * @throws Error with the end of initdb's output
 */
export async function initCluster(cluster: Cluster, flags: string[] = []): Promise<void> {
  const { dataDir, binaries, user } = cluster;
  refuseUnsafePaths(cluster);
  const staging = `${dataDir}.init`;
  // A name of its own: an initdb that has outlived its Node process removes its folder when it fails.
  const unfinished = join(staging, randomUUID());
  const password = join(staging, 'password');
  try {
    await waitForOrphans(staging);
    await removeStaging(staging);
    await mkdir(staging, { mode: 0o700 });
    await writeFile(password, newPassword(), { mode: 0o600 });
    await changeOwner(user, password);
    await changeOwner(user, staging);
    const { exitCode, output } = await runProgram(
      binaries.initdb,
      [
        ...['-D', unfinished, `--username=${SUPERUSER}`, `--pwfile=${password}`],
        ...['--auth-local=trust', '--auth-host=scram-sha-256'],
        ...['--encoding=UTF8', '--locale-provider=builtin', ...LOCALE, '--data-checksums', '--no-instructions'],
        ...flags,
      ],
      { user, environment: binaries.environment },
    );
    if (output.includes(UNKNOWN_USER)) throw new Error(UNKNOWN_USER_ADVICE);
    if (exitCode !== 0) throw new Error(`initdb ended with exit code ${String(exitCode)}: ${lastLines(output)}`);
    await rename(password, passwordFile(unfinished));
    await rmdir(dataDir).catch(ignoreMissing);
    await rename(unfinished, dataDir);
    await syncFolder(dirname(dataDir));
    await removeStaging(staging);
  } catch (cause) {
    if ((cause as Error).message === UNKNOWN_USER_ADVICE) throw cause;
    throw new Error(
      `The PostgreSQL cluster ${dataDir} could not be created. Its parent folder must be writable, and it must not be ` +
        `a mount point (choose a folder below it). ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** An initdb that has outlived its Node process may still be running. It ends by itself and frees its shared memory. */
async function waitForOrphans(staging: string): Promise<void> {
  const giveUpAt = Date.now() + ORPHAN_WAIT_MILLISECONDS;
  for (const name of await readdir(staging).catch(() => [])) {
    while ((await postgresProcessesOn(join(staging, name))).length > 0 && Date.now() < giveUpAt) {
      await sleep(ORPHAN_POLL_MILLISECONDS);
    }
  }
}

/** Retries, because an orphan may still create files. */
function removeStaging(staging: string): Promise<void> {
  return rm(staging, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** @throws Error if pg_ctl or its shell would misinterpret the paths */
export function refuseUnsafePaths({ dataDir, binaries }: Cluster): void {
  for (const path of [dataDir, binaries.postgres]) {
    if (UNSAFE_IN_SHELL.test(path)) {
      throw new Error(
        `The path ${path} is not supported: pg_ctl misinterprets quotes, backslashes, "$", "%" and "\`".`,
      );
    }
  }
}

export function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-SHOWN_LOG_LINES).join('\n');
}

/** Makes the rename durable. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}
