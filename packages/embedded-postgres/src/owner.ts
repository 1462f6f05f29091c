import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { ListenAddress, Postmaster } from './postmaster-pid.js';
import { listensAt } from './postmaster-pid.js';
import type { ProcessIdentity } from './process-table.js';
import { isAlive, ownIdentity } from './process-table.js';
import type { ServerUser } from './server-user.js';
import { changeOwner } from './server-user.js';

/** The Node process that started a server, and the address of that server. */
interface Owner extends ProcessIdentity, ListenAddress {}

export type Ownership =
  | { kind: 'alive'; pid: number }
  | { kind: 'dead'; pid: number }
  /** The server was not started by this package. */
  | { kind: 'unknown' };

function ownerFile(dataDir: string): string {
  return join(dataDir, 'lvlup-owner.json');
}

/** Records this Node process as the owner of the server. Must be called before the server starts. */
export async function claimOwnership(
  dataDir: string,
  { socketFolder, port }: ListenAddress,
  user: ServerUser | undefined,
): Promise<void> {
  const owner: Owner = { ...(await ownIdentity()), socketFolder, port };
  await writeFile(ownerFile(dataDir), JSON.stringify(owner), { mode: 0o600 });
  await changeOwner(user, ownerFile(dataDir));
}

/** Owner of the server. The file outlives its server, so it counts only if it names the same address. */
export async function ownershipOf(dataDir: string, postmaster: Postmaster): Promise<Ownership> {
  const owner = await readOwner(dataDir);
  if (!owner || !listensAt(postmaster, owner)) return { kind: 'unknown' };
  return { kind: (await isAlive(owner)) ? 'alive' : 'dead', pid: owner.pid };
}

async function readOwner(dataDir: string): Promise<Owner | undefined> {
  try {
    return JSON.parse(await readFile(ownerFile(dataDir), 'utf8')) as Owner;
  } catch {
    // Missing, or truncated by a crash of the machine.
    return undefined;
  }
}
