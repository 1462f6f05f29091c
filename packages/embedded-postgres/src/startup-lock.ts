import { randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ProcessIdentity } from './process-table.js';
import { isAlive, ownIdentity } from './process-table.js';
import { STEP_LIMIT_SECONDS } from './program.js';

interface Holder extends ProcessIdentity {
  /** Distinguishes holders in one process. */
  token: string;
}

const POLL_MILLISECONDS = 50;

/**
 * Runs work under an exclusive lock on the file, among processes and within this one. The lock of a dead holder is taken over.
 *
 * @throws Error if the lock is not released within 60 s, or cannot be created
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
        `Another start (process ${current.pid}) has held ${lockFile} for more than ${STEP_LIMIT_SECONDS} s. ` +
          'End that process and try again.',
      );
    } else {
      await sleep(POLL_MILLISECONDS);
    }
  }
}

/** Links a complete file, so that the lock always names its holder. */
async function tryAcquire(lockFile: string, holder: Holder): Promise<boolean> {
  const candidate = `${lockFile}.${holder.token}`;
  await writeFile(candidate, JSON.stringify(holder), { mode: 0o644 }).catch((cause: unknown) => {
    throw new Error(
      `The folder ${dirname(lockFile)} is not writable: ${(cause as Error).message}. Choose another data folder.`,
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
 * Several processes may see the same dead holder, and one of them may have acquired the lock meanwhile. So the holder is
 * checked again, under a lock of its own.
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
    throw new Error(`${lockFile} is not readable. Remove it if no other start is running.`, { cause: error });
  }
}
