import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ListenAddress } from './postmaster-pid.js';
import type { ServerUser } from './server-user.js';
import { canEnter, changeOwner } from './server-user.js';

/** Longest path of a Unix socket, without the terminating byte. */
const LONGEST_SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

const PREFIX = 'lvlup-pg-';

/**
 * Creates an empty folder that only the server's user can enter (mode 700): connections through its socket are trusted. Each
 * start uses a new folder, so that remains of an earlier server have no effect.
 */
export async function createSocketFolder(user: ServerUser | undefined): Promise<string> {
  for (const parent of [tmpdir(), '/tmp']) {
    if (!fits(parent) || (user && !(await canEnter(user, parent)))) continue;
    const folder = await mkdtemp(join(parent, PREFIX));
    await changeOwner(user, folder);
    return folder;
  }
  throw new Error(
    'The socket of PostgreSQL needs a folder for temporary files: set TMPDIR to a short path that every user can enter.',
  );
}

/** Prepares the folder for a restart at the same address. A cleanup of temporary files may have removed it. */
export async function prepareSocketFolder(
  { socketFolder, port }: ListenAddress,
  user: ServerUser | undefined,
): Promise<void> {
  if (socketFolder === undefined) return;
  const created = await mkdir(socketFolder, { mode: 0o700, recursive: true });
  if (created !== undefined) await changeOwner(user, socketFolder);
  // May name a zombie, which PostgreSQL takes for a server.
  await rm(join(socketFolder, `.s.PGSQL.${port}.lock`), { force: true });
}

/** The path becomes part of a list on pg_ctl's command line, so it must not require quotes. */
function fits(parent: string): boolean {
  const longest = join(parent, `${PREFIX}XXXXXX`, '.s.PGSQL.65535');
  return /^[\w./+-]+$/.test(parent) && Buffer.byteLength(longest) <= LONGEST_SOCKET_PATH_BYTES;
}
