import { chmod, cp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';

/**
 * Copies the package to a folder that every user can read, unless the copy exists.
 *
 * @returns true if a copy was created
 */
export async function copyPackage(packageFolder: string, copyFolder: string): Promise<boolean> {
  if (await isFolder(copyFolder)) return false;
  // Renamed when complete: an interrupted copy never has the final name, and concurrent starts do not collide.
  const candidate = `${copyFolder}.${randomUUID()}`;
  try {
    await cp(packageFolder, candidate, { recursive: true, verbatimSymlinks: true });
    await makeReadable(candidate);
    await rename(candidate, copyFolder);
    return true;
  } catch (error) {
    if (await isFolder(copyFolder)) return false;
    throw error;
  } finally {
    await rm(candidate, { recursive: true, force: true });
  }
}

/** With a strict umask, npm installs files that only root can read. */
async function makeReadable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}
