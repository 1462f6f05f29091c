import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ListenAddress } from './postmaster-pid.js';
import type { ServerUser } from './server-user.js';
import { canEnter, giveTo } from './server-user.js';

/** Longest path of a unix socket that Linux and macOS both take, without the byte that ends it: macOS takes 103, Linux 107. */
const LONGEST_SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

const PREFIX = 'lvlup-pg-';

/**
 * Makes an empty folder that nobody but the server's user can enter (mode 700): whoever reaches the socket in it is
 * trusted. It is a new one for every start, so nothing left behind by an earlier server is in the way.
 */
export async function createSocketFolder(user: ServerUser | undefined): Promise<string> {
  for (const parent of [tmpdir(), '/tmp']) {
    if (!fits(parent) || (user && !(await canEnter(user, parent)))) continue;
    const folder = await mkdtemp(join(parent, PREFIX));
    await giveTo(user, folder);
    return folder;
  }
  throw new Error(
    'The socket of PostgreSQL needs a folder for temporary files: set TMPDIR to a short path that every user can enter.',
  );
}

/** Makes the folder usable for another server at the same address: it may have been cleared away with old files. */
export async function prepareSocketFolder(
  { socketFolder, port }: ListenAddress,
  user: ServerUser | undefined,
): Promise<void> {
  if (socketFolder === undefined) return;
  const isMissing = await mkdir(socketFolder, { mode: 0o700, recursive: true });
  if (isMissing !== undefined) await giveTo(user, socketFolder);
  // Names a process that may be gone and not yet be buried, which PostgreSQL takes for a server.
  await rm(join(socketFolder, `.s.PGSQL.${port}.lock`), { force: true });
}

/** The path ends up in a list on pg_ctl's command line: one that would need quotes there isn't used. */
function fits(parent: string): boolean {
  const longest = join(parent, `${PREFIX}XXXXXX`, '.s.PGSQL.65535');
  return /^[\w./+-]+$/.test(parent) && Buffer.byteLength(longest) <= LONGEST_SOCKET_PATH_BYTES;
}
