import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folders of copies: process, host, and a random part. */
const NAME = /^lvlup-ingest-(\d{1,10})-([0-9a-f]{8})-.{6}$/;
const DAY_MS = 86_400_000;
/** Hosts, such as containers, can share a temporary folder. */
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** Creates a folder for the copy of a stream. */
export function createCopyFolder(parent = tmpdir()): Promise<string> {
  return mkdtemp(join(parent, `lvlup-ingest-${process.pid}-${HOST}-`));
}

/**
 * Deletes the copies of processes that were killed: those whose process does not exist on this host, and those that are
 * older than a day. Copies of other users are retained. Errors are ignored.
 *
 * @returns number of deleted folders
 */
export async function removeStaleCopies(parent = tmpdir(), now = Date.now()): Promise<number> {
  let removed = 0;
  for (const name of await readdir(parent).catch(() => [])) {
    const match = NAME.exec(name);
    if (!match) continue;
    const path = join(parent, name);
    try {
      if (!isStale(await lstat(path), Number(match[1]), match[2] === HOST, now)) continue;
      await rm(path, { recursive: true, force: true });
      removed += 1;
    } catch {
      // Another process deletes it.
    }
  }
  return removed;
}

function isStale(stats: Stats, pid: number, isOfThisHost: boolean, now: number): boolean {
  if (!stats.isDirectory() || (process.getuid && stats.uid !== process.getuid())) return false;
  if (now - stats.mtimeMs > DAY_MS) return true;
  return isOfThisHost && !isOfRunningProcess(pid, stats.mtimeMs);
}

/** A process in a restarted container has the id of the one before. */
function isOfRunningProcess(pid: number, createdMs: number): boolean {
  if (pid === process.pid) return createdMs >= Date.now() - process.uptime() * 1000;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
