import { chmod, lstat } from 'node:fs/promises';
import { join } from 'node:path';

import { makeFolder } from './make-folder.js';
import { canEnter } from './server-user.js';
import type { ServerUser } from './server-user.js';

/** Both outlive a restart of the machine, and every user can enter them. The order must not change: data may be there. */
const PARENTS = ['/var/lib', '/var/tmp'];

const NAME = 'lvlup-agent-metrics';

/**
 * A folder of ours, owned by root, for what the server's user can't reach at its own place.
 *
 * @throws Error when root can't have such a folder on this machine.
 */
export async function sharedFolder(user: ServerUser): Promise<string> {
  for (const parent of PARENTS) {
    const folder = join(parent, NAME);
    if ((await isOurs(folder)) && (await canEnter(user, folder))) return folder;
  }
  throw new Error(
    `The PostgreSQL server's user ${user.uid} needs a folder it can enter, and none could be made below ${PARENTS.join(' or ')}. ` +
      'Run Node as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

async function isOurs(folder: string): Promise<boolean> {
  try {
    await makeFolder(folder);
    // In a folder that everybody may write to, somebody else may have been first.
    const { uid } = await lstat(folder);
    if (uid !== 0) return false;
    await chmod(folder, 0o755);
    return true;
  } catch {
    return false;
  }
}
