import { readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { createFolder } from './create-folder.js';
import { copyPackage } from './binaries-copy.js';
import { linkLibrariesInto, restoreLibraryLinks } from './library-links.js';
import { runProgram } from './program.js';
import type { ServerUser } from './server-user.js';
import { sharedFolder } from './shared-folder.js';

/** PostgreSQL's programs, executable by the server's user. All paths are absolute. */
export interface Binaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
  /** Such as `18`. Data of another major version is incompatible. */
  majorVersion: string;
  /** Environment variables with which the programs find their libraries. */
  environment: Record<string, string>;
}

export interface BinariesOptions {
  /** npm package that contains the programs. */
  packageName: string;
  user: ServerUser | undefined;
  /** Created for the library links if the package is read-only. */
  linkFolder: string;
  log: (message: string) => void;
}

/**
 * Finds the installed programs. Restores the symbolic links that npm omits, and copies the package if the server's user
 * cannot run it in place.
 *
 * @throws Error if the package is not installed or its programs do not run
 */
export async function prepareBinaries(options: BinariesOptions): Promise<Binaries> {
  const { user, linkFolder, log } = options;
  const packageFolder = await installedPackage(options.packageName);
  const version = await packageVersion(packageFolder);
  const installed = await binariesIn(packageFolder, version, linkFolder, log);
  if (!user || (await canRun(user, installed)).works) return installed;

  const copyFolder = join(await sharedFolder(user), `${options.packageName.replaceAll('/', '-')}-${version}`);
  const copied = await copyPackage(packageFolder, copyFolder);
  if (copied) log(`User ${user.uid} cannot run PostgreSQL in ${packageFolder}: copied it to ${copyFolder}.`);
  const copy = await binariesIn(copyFolder, version, linkFolder, log);
  const attempt = await canRun(user, copy);
  if (!attempt.works) {
    throw new Error(
      `User ${user.uid} can run PostgreSQL neither in ${packageFolder} nor in ${copyFolder}: ${attempt.reason}`,
    );
  }
  return copy;
}

async function installedPackage(packageName: string): Promise<string> {
  let entryPoint: string;
  try {
    entryPoint = createRequire(import.meta.url).resolve(packageName);
  } catch (cause) {
    throw new Error(
      `The package ${packageName} with the PostgreSQL binaries is not installed. Run "npm ci" without --omit=optional, ` +
        'or use another PostgreSQL server.',
      { cause },
    );
  }
  return dirname(dirname(await realpath(entryPoint)));
}

async function packageVersion(packageFolder: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

async function binariesIn(
  packageFolder: string,
  version: string,
  linkFolder: string,
  log: (message: string) => void,
): Promise<Binaries> {
  const missingLinks = await restoreLibraryLinks(packageFolder, log);
  if (missingLinks.length === 0) return programsIn(packageFolder, version, {});
  if (process.platform === 'darwin') {
    // pg_ctl starts the server through /bin/sh, where macOS removes DYLD_LIBRARY_PATH: links in another folder have no effect.
    const copyFolder = join(linkFolder, version);
    await createFolder(linkFolder);
    await copyPackage(packageFolder, copyFolder);
    log(`${packageFolder} is read-only and lacks library links: using a copy in ${copyFolder}.`);
    await restoreLibraryLinks(copyFolder, log);
    return programsIn(copyFolder, version, {});
  }
  log(`${packageFolder} is read-only and lacks library links: created ${missingLinks.length} in ${linkFolder}.`);
  return programsIn(packageFolder, version, await linkLibrariesInto(linkFolder, packageFolder, missingLinks));
}

function programsIn(packageFolder: string, version: string, environment: Record<string, string>): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(packageFolder, 'native', 'bin', `${name}${suffix}`);
  return {
    initdb: program('initdb'),
    pgCtl: program('pg_ctl'),
    postgres: program('postgres'),
    majorVersion: version.slice(0, version.indexOf('.')),
    environment,
  };
}

/** Determined by running it: permission bits do not cover access lists, mount options and unreadable libraries. */
async function canRun(user: ServerUser, binaries: Binaries): Promise<{ works: boolean; reason: string }> {
  try {
    const { environment } = binaries;
    const { exitCode, output } = await runProgram(binaries.postgres, ['--version'], { user, environment });
    return { works: exitCode === 0, reason: output };
  } catch (error) {
    return { works: false, reason: (error as Error).message };
  }
}
