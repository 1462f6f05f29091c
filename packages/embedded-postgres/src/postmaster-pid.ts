import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { isFree, isPostgresOn, postgresProcessesOn } from './process-table.js';

/** Where a server listens; no two servers of this wrapper share it. */
export interface ListenAddress {
  /** Folder of the unix socket, undefined on Windows. */
  socketFolder: string | undefined;
  port: number;
}

/** What PostgreSQL writes into postmaster.pid of its data folder, one value a line. */
export interface Postmaster extends ListenAddress {
  pid: number;
  /** First TCP address it listens on, undefined without one. */
  tcpHost: string | undefined;
  /** `starting`, `stopping`, `ready` or `standby`. */
  status: string;
}

/** A server that has just begun to write the file gets this long to finish. */
const EMPTY_FILE_WAIT_MILLISECONDS = 2000;

const STARTING_WAIT_MILLISECONDS = 10_000;
const STARTING_POLL_MILLISECONDS = 50;

function pidFile(dataDir: string): string {
  return join(dataDir, 'postmaster.pid');
}

/** The content of postmaster.pid, whether or not that process is alive; undefined without the file. */
export async function readPostmasterPid(dataDir: string): Promise<Postmaster | 'unreadable' | undefined> {
  let text: string;
  try {
    text = await readFile(pidFile(dataDir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [pid = '', , , port = '', socketFolder = '', tcpHost = '', , status = ''] = text
    .split('\n')
    .map((line) => line.trim());
  if (!/^\d+$/.test(pid)) return 'unreadable';
  return {
    pid: Number(pid),
    port: Number(port),
    socketFolder: socketFolder === '' ? undefined : socketFolder,
    tcpHost: tcpHost === '' ? undefined : tcpHost,
    status,
  };
}

/** The server that runs on the data folder, undefined when there is none. */
export async function findPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const postmaster = await readPostmasterPid(dataDir);
  if (postmaster === undefined || postmaster === 'unreadable') return undefined;
  return (await isPostgresOn(dataDir, postmaster.pid)) ? postmaster : undefined;
}

/** The same, but waits for a server that is starting: until then its file doesn't say where it listens. */
export async function findStartedPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const giveUpAt = Date.now() + STARTING_WAIT_MILLISECONDS;
  for (;;) {
    const postmaster = await findPostmaster(dataDir);
    const isStarting = postmaster?.status === 'starting' || postmaster?.status === '';
    if (!isStarting || Date.now() > giveUpAt) return postmaster;
    await sleep(STARTING_POLL_MILLISECONDS);
  }
}

export function listensAt(postmaster: Postmaster, address: ListenAddress): boolean {
  return postmaster.port === address.port && postmaster.socketFolder === address.socketFolder;
}

/**
 * Removes a postmaster.pid that would stop the next start although no server uses the folder: an empty one, or one whose
 * process id now belongs to something else or to a zombie, which PostgreSQL takes for a server. The file stays while any
 * PostgreSQL process is left on the folder, and when the id is free again: then PostgreSQL removes it by itself, after a
 * look for shared memory of the old server, which it finds through the file.
 */
export async function removeStalePostmasterPid(dataDir: string, log: (message: string) => void): Promise<void> {
  let found = await readPostmasterPid(dataDir);
  if (found === 'unreadable') {
    await sleep(EMPTY_FILE_WAIT_MILLISECONDS);
    found = await readPostmasterPid(dataDir);
  }
  if (found === undefined || (found !== 'unreadable' && isFree(found.pid))) return;
  if ((await postgresProcessesOn(dataDir)).length > 0) return;
  await rm(pidFile(dataDir), { force: true });
  const reason = found === 'unreadable' ? 'it names no process' : `process ${found.pid} is no server on this folder`;
  log(`Removed a stale ${pidFile(dataDir)}: ${reason}.`);
}
