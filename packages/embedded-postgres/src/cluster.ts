import { mkdir, open, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Binaries } from './binaries.js';
import { postgresProcessesOn } from './process-table.js';
import { runProgram } from './program.js';
import type { ServerUser } from './server-user.js';
import { giveTo } from './server-user.js';
import { newPassword, passwordFile } from './tcp-password.js';

/** A data folder together with what it takes to run a server on it. */
export interface Cluster {
  dataDir: string;
  binaries: Binaries;
  /** Undefined when the server runs as the user Node runs as. */
  user: ServerUser | undefined;
}

/** The superuser of every cluster made here. */
export const SUPERUSER = 'postgres';

const SHOWN_LOG_LINES = 20;
const ORPHAN_WAIT_MILLISECONDS = 10_000;
const ORPHAN_POLL_MILLISECONDS = 100;

/** macOS and Windows may lack the operating system's locale C.UTF-8; the one that is built in is there always. */
const LOCALE = process.platform === 'linux' ? ['--locale=C.UTF-8'] : ['--locale=C', '--builtin-locale=C.UTF-8'];

const UNKNOWN_USER = 'could not look up effective user ID';
const UNKNOWN_USER_ADVICE =
  `PostgreSQL can't run as user ${process.getuid?.() ?? ''}, who has no entry in the user list (/etc/passwd). Add one, ` +
  'run Node as a user who has one, or set DATABASE_URL to a PostgreSQL server of your own.';

/** pg_ctl puts these paths between double quotes into a command line of the shell. */
const UNSAFE_IN_SHELL = process.platform === 'win32' ? /["%]/ : /["$`\\\n]/;

/**
 * Makes the cluster with initdb in `<dataDir>.init` and renames it when it is complete: a data folder with our name is
 * never half-made, whenever the machine goes down. Leftovers of an interrupted attempt are removed.
 *
 * @throws Error with the end of initdb's output.
 */
export async function initCluster(cluster: Cluster, flags: string[] = []): Promise<void> {
  const { dataDir, binaries, user } = cluster;
  refuseUnsafePaths(cluster);
  const staging = `${dataDir}.init`;
  const unfinished = join(staging, 'cluster');
  const password = join(staging, 'password');
  try {
    await removeUnfinished(staging, unfinished);
    await mkdir(staging, { mode: 0o700 });
    await writeFile(password, newPassword(), { mode: 0o600 });
    await giveTo(user, password);
    await giveTo(user, staging);
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
    await rm(staging, { recursive: true, force: true });
  } catch (cause) {
    if ((cause as Error).message === UNKNOWN_USER_ADVICE) throw cause;
    throw new Error(
      `The PostgreSQL cluster ${dataDir} could not be made. The folder it lies in must be writable, and it must not be ` +
        `the root of a mount (choose a folder below it). ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** An initdb that has outlived its Node may still be at work there: it ends by itself, without leaving shared memory. */
async function removeUnfinished(staging: string, unfinished: string): Promise<void> {
  const giveUpAt = Date.now() + ORPHAN_WAIT_MILLISECONDS;
  while ((await postgresProcessesOn(unfinished)).length > 0 && Date.now() < giveUpAt) {
    await sleep(ORPHAN_POLL_MILLISECONDS);
  }
  await rm(staging, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** @throws Error when pg_ctl or the shell it uses can't handle the paths. */
export function refuseUnsafePaths({ dataDir, binaries }: Cluster): void {
  for (const path of [dataDir, binaries.postgres]) {
    if (UNSAFE_IN_SHELL.test(path)) {
      throw new Error(
        `The path ${path} can't be used: pg_ctl can't handle quotes, backslashes, "$", "%" or "\`" in it.`,
      );
    }
  }
}

export function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-SHOWN_LOG_LINES).join('\n');
}

/** The rename itself must survive a loss of power, too. */
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
