import { chmod, lstat, readFile, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import type { ServerUser } from '../src/server-user.js';
import { changeOwner, nobody } from '../src/server-user.js';
import { exists, runsAsRoot, waitUntilNothingRunsOn } from './support/running-processes.js';
import { createInstallationFolder, createScratchFolder, removeFolder } from './support/scratch-folder.js';
import { Installation } from './support/separate-node.js';

describe('an installation without the links between the libraries', () => {
  let folder: string;
  let installationFolder: string;
  let user: ServerUser | undefined;
  let application: Installation;
  let library: string;
  let links: string[];

  const removeLinks = () =>
    Promise.all(links.map((link) => rm(join(application.binariesPackage, link), { force: true })));
  const missingLinks = async () => {
    const found = await Promise.all(links.map((link) => exists(join(application.binariesPackage, link))));
    return found.filter((isThere) => !isThere).length;
  };

  beforeAll(async () => {
    folder = await createScratchFolder();
    // Root can write to read-only folders, so Node runs as an ordinary user.
    user = runsAsRoot ? await nobody() : undefined;
    await changeOwner(user, folder);
    installationFolder = await createInstallationFolder();
    application = await Installation.createWithCopies(installationFolder);
    library = join(application.binariesPackage, 'native', 'lib');
    const list = await readFile(join(application.binariesPackage, 'native', 'pg-symlinks.json'), 'utf8');
    links = (JSON.parse(list) as { target: string }[]).map(({ target }) => target);
  });
  afterEach(() => application.killAll());
  afterAll(async () => {
    await chmod(library, 0o755);
    await removeFolder(installationFolder);
    await removeFolder(folder);
  });

  it('restores them', async () => {
    await removeLinks();
    const dataDir = join(folder, 'restored');
    const started = application.start({ dataDir, database: 'metrics' });
    const { error, logged } = await started.report;
    expect(error).toBeUndefined();
    expect(logged[0]).toBe(`Restored ${links.length} library links in ${application.binariesPackage}.`);
    expect(await missingLinks()).toBe(0);
    expect((await lstat(join(library, 'libpq.so.5'))).isSymbolicLink()).toBe(true);
    await started.stop();
    await waitUntilNothingRunsOn(dataDir);
  });

  it('creates them in another folder if it is read-only', async () => {
    await removeLinks();
    await chmod(library, 0o555);
    const dataDir = join(folder, 'read-only');
    const started = application.start({ dataDir, database: 'metrics' }, user);
    const { error, logged } = await started.report;
    expect(error).toBeUndefined();
    expect(logged[0]).toBe(
      `${application.binariesPackage} is read-only and lacks library links: created ${links.length} in ${dataDir}.lib.`,
    );
    expect(await missingLinks()).toBe(links.length);
    expect(await readdir(`${dataDir}.lib`)).toHaveLength(links.length);
    await started.stop();
    await waitUntilNothingRunsOn(dataDir);
  });
});
