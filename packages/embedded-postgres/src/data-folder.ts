import { createHash } from 'node:crypto';
import { chmod, lstat, readFile, readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { makeFolder } from './make-folder.js';
import type { ServerUser } from './server-user.js';
import { canEnter, giveTreeTo, nobody, nodeRunsAsRoot } from './server-user.js';
import { sharedFolder } from './shared-folder.js';

export interface DataFolder {
  dataDir: string;
  /** Undefined when the server runs as the user Node runs as. */
  user: ServerUser | undefined;
}

/**
 * Decides where the data is and who runs the server; creates missing parent folders. As root the data moves to a folder
 * of ours when the server's user can't enter the given one, whose permissions are the user's business.
 *
 * @throws Error when something on the way there is no folder, or a folder can't be made
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
      `${dataDir} holds data, but the user ${user.uid} that runs PostgreSQL for root can't enter the folder it is in. ` +
        'Run Node as the user who owns the data, or move the data to a folder that every user can enter.',
    );
  }
  const digest = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  const moved = join(await sharedFolder(user), `${basename(dataDir)}-${digest}`);
  log(`PostgreSQL can't run as root, and user ${user.uid} can't enter ${dirname(dataDir)}: the data is in ${moved}.`);
  return { dataDir: moved, user: await userOf(moved) };
}

/** The owner of existing data, so that an ordinary user's data stays theirs; `nobody` for new data or root's. */
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
 * Makes sure that an existing cluster can be used by these binaries and this user.
 *
 * @throws Error for data of another major version and for a half-made cluster. Nothing is deleted.
 */
export async function prepareExistingCluster(
  { dataDir, user }: DataFolder,
  majorVersion: string,
  log: (message: string) => void,
): Promise<void> {
  const found = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
  if (found !== majorVersion) {
    throw new Error(
      `${dataDir} holds data of PostgreSQL ${found}, and the installed version is ${majorVersion}. ` +
        `Nothing was changed. Choose another folder, or move the data over with pg_dump of PostgreSQL ${found}.`,
    );
  }
  if (!(await exists(join(dataDir, 'global', 'pg_control')))) {
    throw new Error(
      `${dataDir} holds an unfinished or damaged cluster (PG_VERSION without global/pg_control). ` +
        'Restore a backup, or remove the folder to start with an empty database.',
    );
  }
  if (user && (await stat(dataDir)).uid === 0) {
    await giveTreeTo(user, dataDir);
    log(`Gave ${dataDir} to user ${user.uid}, who runs PostgreSQL for root.`);
  }
  await makePrivate(dataDir, log);
}

async function refuseForeignOwner(dataDir: string): Promise<void> {
  if (!process.getuid || !(await exists(dataDir))) return;
  const owner = (await stat(dataDir)).uid;
  if (owner === process.getuid()) return;
  throw new Error(
    `${dataDir} belongs to user ${owner}, and Node runs as user ${process.getuid()}. Start as that user ` +
      '(as root, when the folder was made by a start as root), or choose another folder.',
  );
}

/** PostgreSQL refuses a folder that others can look into. */
async function makePrivate(dataDir: string, log: (message: string) => void): Promise<void> {
  if (process.platform === 'win32') return;
  const mode = (await stat(dataDir)).mode & 0o777;
  if (mode === 0o700) return;
  await chmod(dataDir, 0o700);
  log(`Changed the mode of ${dataDir} from ${mode.toString(8)} to 700.`);
}

/** @throws Error when the folder exists and holds anything: a new cluster never takes the place of other files. */
export async function refuseForeignFiles(dataDir: string): Promise<void> {
  const entries = (await exists(dataDir)) ? await readdir(dataDir) : [];
  if (entries.length > 0) {
    throw new Error(`${dataDir} is not empty and holds no PostgreSQL data. Choose a folder that is empty or missing.`);
  }
}

/** Whoever gave the name of a file, or of a link to nothing, meant other data than an empty database elsewhere. */
async function refuseOtherThanFolders(path: string): Promise<void> {
  const entry = await stat(path)
    .catch(() => lstat(path))
    .catch(() => undefined);
  const parent = dirname(path);
  if (entry === undefined && parent !== path) return refuseOtherThanFolders(parent);
  if (entry?.isDirectory() === false) {
    throw new Error(
      `The data can't be kept there: ${path} is not a folder. Set DATA_DIR to a folder, or to a free name.`,
    );
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

/** Folders made here have the mode that Node's umask gives; another user who runs the server can enter them as well. */
async function createParent(path: string, user?: ServerUser): Promise<void> {
  const parent = dirname(path);
  if (await exists(parent)) return;
  await createParent(parent, user);
  try {
    await makeFolder(parent);
  } catch (cause) {
    throw new Error(
      `The folder ${parent} for the data can't be made: ${(cause as Error).message}. Set DATA_DIR to one that this user may write to.`,
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
