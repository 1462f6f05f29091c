import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ProcessIdentity } from './process-table.js';
import { isAlive, ownIdentity } from './process-table.js';
import { STEP_LIMIT_SECONDS } from './program.js';

interface Holder extends ProcessIdentity {
  /** Tells two holders in one process apart. */
  token: string;
}

const POLL_MILLISECONDS = 50;

/**
 * Runs the work while no other process (and no other caller in this one) does so with the same lock file. A lock whose
 * holder has died is taken over.
 *
 * @throws Error when the lock isn't free within 60 s, or can't be made.
 */
export async function withStartupLock<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  const holder: Holder = { ...(await ownIdentity()), token: randomUUID() };
  await acquire(lockFile, holder);
  try {
    return await work();
  } finally {
    await rm(lockFile, { force: true });
  }
}

async function acquire(lockFile: string, holder: Holder): Promise<void> {
  const giveUpAt = Date.now() + STEP_LIMIT_SECONDS * 1000;
  for (;;) {
    const current = await readHolder(lockFile);
    if (current === undefined) {
      if (await tryAcquire(lockFile, holder)) return;
    } else if (!(await isAlive(current))) {
      await removeLockOf(current, lockFile);
    } else if (Date.now() > giveUpAt) {
      throw new Error(
        `Another start (process ${current.pid}) holds ${lockFile} for more than ${STEP_LIMIT_SECONDS} s. ` +
          'End that process and start again.',
      );
    } else {
      await sleep(POLL_MILLISECONDS);
    }
  }
}

/** A link to a file that is already written: nobody ever sees a lock without its holder. */
async function tryAcquire(lockFile: string, holder: Holder): Promise<boolean> {
  const candidate = `${lockFile}.${holder.token}`;
  await writeFile(candidate, JSON.stringify(holder), { mode: 0o644 }).catch((cause: unknown) => {
    throw new Error(
      `The folder ${dirname(lockFile)} can't be written to: ${(cause as Error).message}. Set DATA_DIR to one that this user may write to.`,
      { cause },
    );
  });
  try {
    await link(candidate, lockFile);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(candidate, { force: true });
  }
}

/**
 * Two processes may see the same dead holder; the slower one must not remove the lock the faster one has got meanwhile.
 * So removing is itself done under a lock, after a second look.
 */
async function removeLockOf(dead: Holder, lockFile: string): Promise<void> {
  await withStartupLock(`${lockFile}.takeover`, async () => {
    const current = await readHolder(lockFile);
    if (current?.token === dead.token) await rm(lockFile, { force: true });
  });
}

async function readHolder(lockFile: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(lockFile, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${lockFile} can't be read. When no other start is running, remove it.`, { cause: error });
  }
}
