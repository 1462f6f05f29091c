import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { isFree, isPostgresOn, postgresProcessesOn } from './process-table.js';

/** Address of a server. Unique among the servers of this package. */
export interface ListenAddress {
  /** Folder of the Unix socket; undefined on Windows. */
  socketFolder: string | undefined;
  port: number;
}

/** Content of postmaster.pid, which has one value per line. */
export interface Postmaster extends ListenAddress {
  pid: number;
  /** First TCP address; undefined without TCP. */
  tcpHost: string | undefined;
  /** `starting`, `stopping`, `ready` or `standby`. */
  status: string;
}

/** Time for a server to finish writing the file. */
const EMPTY_FILE_WAIT_MILLISECONDS = 2000;

const STARTING_WAIT_MILLISECONDS = 10_000;
const STARTING_POLL_MILLISECONDS = 50;

function pidFile(dataDir: string): string {
  return join(dataDir, 'postmaster.pid');
}

/** Content of postmaster.pid, whether or not its process is alive; undefined without the file. */
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

/** The server that runs on the data folder, if any. */
export async function findPostmaster(dataDir: string): Promise<Postmaster | undefined> {
  const postmaster = await readPostmasterPid(dataDir);
  if (postmaster === undefined || postmaster === 'unreadable') return undefined;
  return (await isPostgresOn(dataDir, postmaster.pid)) ? postmaster : undefined;
}

/** Like `findPostmaster`, but waits for a server that is starting: before that the file lacks its address. */
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
 * Removes a postmaster.pid that would prevent a start although no server uses the folder: an empty file, or one whose process
 * id now belongs to another program or to a zombie, which PostgreSQL takes for a server. The file is kept while a PostgreSQL
 * process is left on the folder. It is also kept if the id is free: then PostgreSQL itself checks the shared memory that the
 * file names, and removes the file.
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
  const reason =
    found === 'unreadable' ? 'it contains no process id' : `process ${found.pid} is not a server on this folder`;
  log(`Removed a stale ${pidFile(dataDir)}: ${reason}.`);
}
