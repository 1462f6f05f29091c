import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ListenAddress, Postmaster } from './postmaster-pid.js';
import { listensAt } from './postmaster-pid.js';
import type { ProcessIdentity } from './process-table.js';
import { isAlive, ownIdentity } from './process-table.js';
import type { ServerUser } from './server-user.js';
import { giveTo } from './server-user.js';

/** The Node process that started a server, and where that server listens. */
interface Owner extends ProcessIdentity, ListenAddress {}

export type Ownership =
  | { kind: 'alive'; pid: number }
  | { kind: 'dead'; pid: number }
  /** The server was started by other means than this wrapper. */
  | { kind: 'unknown' };

function ownerFile(dataDir: string): string {
  return join(dataDir, 'lvlup-owner.json');
}

/** Remembers, before the server starts, that this Node process owns it. */
export async function claimOwnership(
  dataDir: string,
  { socketFolder, port }: ListenAddress,
  user: ServerUser | undefined,
): Promise<void> {
  const owner: Owner = { ...(await ownIdentity()), socketFolder, port };
  await writeFile(ownerFile(dataDir), JSON.stringify(owner), { mode: 0o600 });
  await giveTo(user, ownerFile(dataDir));
}

/** Tells whose server it is. The file outlives its server, so it only counts when it names the same address. */
export async function ownershipOf(dataDir: string, postmaster: Postmaster): Promise<Ownership> {
  const owner = await readOwner(dataDir);
  if (!owner || !listensAt(postmaster, owner)) return { kind: 'unknown' };
  return { kind: (await isAlive(owner)) ? 'alive' : 'dead', pid: owner.pid };
}

async function readOwner(dataDir: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(ownerFile(dataDir), 'utf8')) as Owner;
  } catch {
    // Missing, or cut off by a crash of the machine: either way nobody can be named.
    return undefined;
  }
}
