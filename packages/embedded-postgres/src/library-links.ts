import { randomUUID } from 'node:crypto';
import { chmod, readFile, rename, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { createFolder } from './create-folder.js';

export interface LibraryLink {
  /** Existing file, relative to the package. The link is in the same folder. */
  source: string;
  /** Link, relative to the package. */
  target: string;
}

const READ_ONLY_CODES = ['EACCES', 'EPERM', 'EROFS'];

/**
 * Restores the symbolic links between PostgreSQL's libraries. npm packages cannot contain symbolic links, and the install
 * script that creates them does not run with `--ignore-scripts` or npm 12.
 *
 * @returns links that are still missing because the package is read-only
 */
export async function restoreLibraryLinks(
  packageFolder: string,
  log: (message: string) => void,
): Promise<LibraryLink[]> {
  const missing: LibraryLink[] = [];
  for (const link of await listedLinks(packageFolder)) {
    if (!(await exists(join(packageFolder, link.target)))) missing.push(link);
  }
  try {
    for (const { source, target } of missing) {
      await replaceLink(basename(source), join(packageFolder, target));
    }
  } catch (error) {
    if (READ_ONLY_CODES.includes((error as NodeJS.ErrnoException).code ?? '')) return missing;
    throw error;
  }
  if (missing.length > 0) log(`Restored ${missing.length} library links in ${packageFolder}.`);
  return [];
}

/**
 * Creates the links of a read-only package in another folder.
 *
 * @returns environment variables with which the programs find them
 */
export async function linkLibrariesInto(
  linkFolder: string,
  packageFolder: string,
  links: LibraryLink[],
): Promise<Record<string, string>> {
  await createFolder(linkFolder);
  await chmod(linkFolder, 0o755);
  for (const { source, target } of links) {
    await replaceLink(join(packageFolder, source), join(linkFolder, basename(target)));
  }
  return { LD_LIBRARY_PATH: `${linkFolder}:${join(packageFolder, 'native', 'lib')}` };
}

async function listedLinks(packageFolder: string): Promise<LibraryLink[]> {
  try {
    return JSON.parse(await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8')) as LibraryLink[];
  } catch (error) {
    // The package for Windows has no links.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Atomic, so that a concurrent start always finds the link. */
async function replaceLink(destination: string, link: string): Promise<void> {
  const candidate = `${link}.${randomUUID()}`;
  await symlink(destination, candidate);
  await rename(candidate, link);
}

/** False for a dangling link. */
async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
