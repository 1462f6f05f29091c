import { readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { makeFolder } from './make-folder.js';
import { copyPackage } from './binaries-copy.js';
import { linkLibrariesInto, restoreLibraryLinks } from './library-links.js';
import { runProgram } from './program.js';
import type { ServerUser } from './server-user.js';
import { sharedFolder } from './shared-folder.js';

/** PostgreSQL's programs, ready to be run by the server's user. All paths are absolute. */
export interface Binaries {
  initdb: string;
  pgCtl: string;
  postgres: string;
  /** Such as `18`: data of another one can't be used. */
  majorVersion: string;
  /** What the programs need in their environment to find their libraries. */
  environment: Record<string, string>;
}

export interface BinariesOptions {
  /** Name of the npm package that holds the programs. */
  packageName: string;
  user: ServerUser | undefined;
  /** Folder to be made for the library links when the package is read-only. */
  linkFolder: string;
  log: (message: string) => void;
}

/**
 * Finds the installed programs and makes them usable: restores the symlinks npm leaves out, and copies the package when
 * the server's user can't reach it.
 *
 * @throws Error when the package isn't installed or its programs don't run.
 */
export async function prepareBinaries(options: BinariesOptions): Promise<Binaries> {
  const { user, linkFolder, log } = options;
  const packageFolder = await installedPackage(options.packageName);
  const version = await packageVersion(packageFolder);
  const installed = await binariesIn(packageFolder, version, linkFolder, log);
  if (!user || (await runsAs(user, installed)).works) return installed;

  const copyFolder = join(await sharedFolder(user), `${options.packageName.replaceAll('/', '-')}-${version}`);
  const copied = await copyPackage(packageFolder, copyFolder);
  if (copied) log(`User ${user.uid} can't use PostgreSQL in ${packageFolder}: copied it to ${copyFolder}.`);
  const copy = await binariesIn(copyFolder, version, linkFolder, log);
  const attempt = await runsAs(user, copy);
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
      `The package ${packageName} with the embedded PostgreSQL is not installed. Run "npm install" without --omit=optional, ` +
        'or set DATABASE_URL to a PostgreSQL server of your own.',
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
    // pg_ctl starts the server through /bin/sh, and macOS drops DYLD_LIBRARY_PATH on that way: links elsewhere don't help.
    const copyFolder = join(linkFolder, version);
    await makeFolder(linkFolder);
    await copyPackage(packageFolder, copyFolder);
    log(`${packageFolder} is read-only and lacks library links: using a copy in ${copyFolder}.`);
    await restoreLibraryLinks(copyFolder, log);
    return programsIn(copyFolder, version, {});
  }
  log(`${packageFolder} is read-only and lacks library links: put ${missingLinks.length} into ${linkFolder}.`);
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

/** Permission bits alone don't tell: access lists, mount options, libraries that can't be read. */
async function runsAs(user: ServerUser, binaries: Binaries): Promise<{ works: boolean; reason: string }> {
  try {
    const { environment } = binaries;
    const { exitCode, output } = await runProgram(binaries.postgres, ['--version'], { user, environment });
    return { works: exitCode === 0, reason: output };
  } catch (error) {
    return { works: false, reason: (error as Error).message };
  }
}
