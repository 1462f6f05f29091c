import { createHash } from 'node:crypto';
import { chmod, lstat, readFile, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { createFolder } from './create-folder.js';
import type { ServerUser } from './server-user.js';
import { canEnter, changeOwnerOfTree, nobody, nodeRunsAsRoot } from './server-user.js';
import { sharedFolder } from './shared-folder.js';

export interface DataFolder {
  dataDir: string;
  /** Undefined: the server runs as Node's user. */
  user: ServerUser | undefined;
}

/**
 * Determines the data folder and the user that runs the server. Creates missing parent folders. If Node runs as root and the
 * server's user cannot enter the requested folder, another folder is used: permissions of existing folders are not changed.
 *
 * @throws Error if a part of the path is not a folder, or a folder cannot be created
 */
export async function locateDataFolder(requested: string, log: (message: string) => void): Promise<DataFolder> {
  await refuseOtherThanFolders(resolve(requested));
  const dataDir = await withoutSymlink(resolve(requested));
  if (nodeRunsAsRoot()) return locateAsRoot(dataDir, log);
  await createParent(dataDir);
  await refuseForeignOwner(dataDir);
  return { dataDir, user: undefined };
}

async function locateAsRoot(dataDir: string, log: (message: string) => void): Promise<DataFolder> {
  const user = await userOf(dataDir);
  if (await canEnter(user, await nearestExistingParent(dataDir))) {
    await createParent(dataDir, user);
    return { dataDir, user };
  }
  if (await isCluster(dataDir)) {
    throw new Error(
      `${dataDir} contains data, but user ${user.uid}, which runs PostgreSQL for root, cannot enter its parent folder. ` +
        'Run Node as the owner of the data, or move the data to a folder that every user can enter.',
    );
  }
  const digest = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const moved = join(await sharedFolder(user), `${basename(dataDir)}-${digest}`);
  log(`PostgreSQL cannot run as root, and user ${user.uid} cannot enter ${dirname(dataDir)}: the data is in ${moved}.`);
  return { dataDir: moved, user: await userOf(moved) };
}

/** Owner of existing data; `nobody` for new data and for data of root. */
async function userOf(dataDir: string): Promise<ServerUser> {
  if (await isCluster(dataDir)) {
    const { uid, gid } = await stat(dataDir);
    if (uid !== 0) return { uid, gid };
  }
  return nobody();
}

export async function isCluster(dataDir: string): Promise<boolean> {
  return exists(join(dataDir, 'PG_VERSION'));
}

/**
 * Prepares an existing cluster for these binaries and this user.
 *
 * @throws Error for data of another major version and for an incomplete cluster. Nothing is deleted.
 */
export async function prepareExistingCluster(
  { dataDir, user }: DataFolder,
  majorVersion: string,
  log: (message: string) => void,
): Promise<void> {
  const found = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
  if (found !== majorVersion) {
    throw new Error(
      `${dataDir} contains data of PostgreSQL ${found}, and the installed version is ${majorVersion}. ` +
        `Nothing was changed. Choose another folder, or transfer the data with pg_dump of PostgreSQL ${found}.`,
    );
  }
  if (!(await exists(join(dataDir, 'global', 'pg_control')))) {
    throw new Error(
      `${dataDir} contains an incomplete or damaged cluster (PG_VERSION without global/pg_control). ` +
        'Restore a backup, or remove the folder to start with an empty database.',
    );
  }
  if (user && (await stat(dataDir)).uid === 0) {
    await changeOwnerOfTree(user, dataDir);
    log(`Changed the owner of ${dataDir} to user ${user.uid}, which runs PostgreSQL for root.`);
  }
  await makePrivate(dataDir, log);
}

async function refuseForeignOwner(dataDir: string): Promise<void> {
  if (!process.getuid || !(await exists(dataDir))) return;
  const owner = (await stat(dataDir)).uid;
  if (owner === process.getuid()) return;
  throw new Error(
    `${dataDir} belongs to user ${owner}, and Node runs as user ${process.getuid()}. Run Node as that user ` +
      '(as root, if the folder was created by root), or choose another folder.',
  );
}

/** PostgreSQL refuses a data folder that other users can read. */
async function makePrivate(dataDir: string, log: (message: string) => void): Promise<void> {
  if (process.platform === 'win32') return;
  const mode = (await stat(dataDir)).mode & 0o777;
  if (mode === 0o700) return;
  await chmod(dataDir, 0o700);
  log(`Changed the mode of ${dataDir} from ${mode.toString(8)} to 700.`);
}

/** @throws Error if the folder is not empty: a new cluster never replaces other files */
export async function refuseForeignFiles(dataDir: string): Promise<void> {
  const entries = (await exists(dataDir)) ? await readdir(dataDir) : [];
  if (entries.length > 0) {
    throw new Error(`${dataDir} is not empty and contains no PostgreSQL data. Choose an empty or a new folder.`);
  }
}

/** A file or a dangling link on the path is a mistake: no database is created in another place instead. */
async function refuseOtherThanFolders(path: string): Promise<void> {
  const entry = await stat(path)
    .catch(() => lstat(path))
    .catch(() => undefined);
  const parent = dirname(path);
  if (entry === undefined && parent !== path) return refuseOtherThanFolders(parent);
  if (entry?.isDirectory() === false) {
    throw new Error(`${path} is not a folder. Choose a data folder that exists or can be created.`);
  }
}

async function withoutSymlink(path: string): Promise<string> {
  const isSymlink = await lstat(path).then(
    (entry) => entry.isSymbolicLink(),
    () => false,
  );
  return isSymlink ? realpath(path) : path;
}

async function nearestExistingParent(path: string): Promise<string> {
  const parent = dirname(path);
  return (await exists(parent)) ? parent : nearestExistingParent(parent);
}

/** New folders have the mode of Node's umask. A server's user other than Node's can enter them, too. */
async function createParent(path: string, user?: ServerUser): Promise<void> {
  const parent = dirname(path);
  if (await exists(parent)) return;
  await createParent(parent, user);
  try {
    await createFolder(parent);
  } catch (cause) {
    throw new Error(
      `The parent folder ${parent} of the data cannot be created: ${(cause as Error).message}. Choose a writable one.`,
      { cause },
    );
  }
  if (user) await chmod(parent, (await stat(parent)).mode | 0o111);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
