import { chmod, lstat } from 'node:fs/promises';
import { join } from 'node:path';

import { createFolder } from './create-folder.js';
import { canEnter } from './server-user.js';
import type { ServerUser } from './server-user.js';

/** Both survive a restart of the machine, and every user can enter them. The order must not change: they may contain data. */
const PARENTS = ['/var/lib', '/var/tmp'];

const NAME = 'lvlup-agent-metrics';

/**
 * A folder owned by root for data and binaries that the server's user cannot access in their own place.
 *
 * @throws Error if no such folder can be created
 */
export async function sharedFolder(user: ServerUser): Promise<string> {
  for (const parent of PARENTS) {
    const folder = join(parent, NAME);
    if ((await isUsable(folder)) && (await canEnter(user, folder))) return folder;
  }
  throw new Error(
    `The PostgreSQL server's user ${user.uid} needs a folder that it can enter, and none could be created below ` +
      `${PARENTS.join(' or ')}. Run Node as an ordinary user, or use another PostgreSQL server.`,
  );
}

async function isUsable(folder: string): Promise<boolean> {
  try {
    await createFolder(folder);
    // In a world-writable folder, another user may have created it.
    const { uid } = await lstat(folder);
    if (uid !== 0) return false;
    await chmod(folder, 0o755);
    return true;
  } catch {
    return false;
  }
}
