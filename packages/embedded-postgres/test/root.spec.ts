import { chmod, mkdir, readdir, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { startEmbeddedPostgres } from '../src/embedded-postgres.js';
import { changeOwnerOfTree, nobody } from '../src/server-user.js';
import { runsAsRoot, waitUntilNothingRunsOn } from './support/running-processes.js';
import { createInstallationFolder, createScratchFolder, removeFolder } from './support/scratch-folder.js';
import type { Report } from './support/separate-node.js';
import { Installation } from './support/separate-node.js';

const describeAsRoot = runsAsRoot ? describe : describe.skip;

describeAsRoot('startEmbeddedPostgres as root', () => {
  let folder: string;
  let dataDir: string;

  const startAndStop = async (): Promise<string[]> => {
    const logged: string[] = [];
    const postgres = await startEmbeddedPostgres({ dataDir, database: 'metrics', log: (line) => logged.push(line) });
    await postgres.stop();
    return logged;
  };

  beforeAll(async () => {
    folder = await createScratchFolder();
    dataDir = join(folder, 'missing', 'postgres');
  });
  afterAll(async () => {
    await waitUntilNothingRunsOn(dataDir);
    await removeFolder(folder);
  });

  it('runs the server as nobody, which owns the data folder only', async () => {
    const previousMask = process.umask(0o077);
    try {
      await startAndStop();
    } finally {
      process.umask(previousMask);
    }
    expect((await stat(dataDir)).uid).toBe((await nobody()).uid);
    expect((await stat(dirname(dataDir))).uid).toBe(0);
    // Other users can traverse it, but not list it.
    expect((await stat(dirname(dataDir))).mode & 0o777).toBe(0o711);
  });

  it('changes the owner of data that belongs to root', async () => {
    await changeOwnerOfTree({ uid: 0, gid: 0 }, dataDir);
    const { uid } = await nobody();
    expect(await startAndStop()).toEqual([
      `Changed the owner of ${dataDir} to user ${uid}, which runs PostgreSQL for root.`,
    ]);
    expect((await stat(join(dataDir, 'global', 'pg_control'))).uid).toBe(uid);
  });

  it("runs the server as the owner of an ordinary user's data", async () => {
    const daemon = { uid: 1, gid: 1 };
    await changeOwnerOfTree(daemon, dataDir);
    expect(await startAndStop()).toEqual([]);
    expect(await ownersIn(dataDir)).toEqual([daemon.uid]);
  });

  it('refuses data in a folder that the server cannot enter', async () => {
    await chmod(dirname(dataDir), 0o700);
    await expect(startAndStop()).rejects.toThrow(
      `${dataDir} contains data, but user 1, which runs PostgreSQL for root,`,
    );
    expect((await stat(dirname(dataDir))).mode & 0o777).toBe(0o700);
    await chmod(dirname(dataDir), 0o755);
  });

  it('names the remedy for a user without an entry in /etc/passwd', async () => {
    const open = await createInstallationFolder();
    const application = await Installation.createWithCopies(join(open, 'application'));
    try {
      const unlisted = { uid: 54_321, gid: 54_321 };
      const own = join(open, 'data');
      await mkdir(own);
      await changeOwnerOfTree(unlisted, own);
      const started = application.start({ dataDir: join(own, 'postgres'), database: 'metrics' }, unlisted);
      expect((await started.report).error).toMatch(
        /^PostgreSQL cannot run as user 54321, which has no entry in \/etc\/passwd\. Add one.*another PostgreSQL server/,
      );
    } finally {
      await application.killAll();
      await removeFolder(open);
    }
  });

  describe('below a folder of mode 700', () => {
    let closed: string;
    let application: Installation;
    let binariesCopiedBefore: string[];
    const shared = '/var/lib/lvlup-agent-metrics';
    const copies = async () => (await readdir(shared).catch(() => [])).filter((name) => name.startsWith('@'));
    const created: string[] = [];

    beforeAll(async () => {
      closed = await createInstallationFolder();
      await chmod(closed, 0o700);
      application = await Installation.createWithCopies(join(closed, 'application'));
      binariesCopiedBefore = await copies();
    });
    afterEach(() => application.killAll());
    afterAll(async () => {
      for (const path of [closed, ...created]) await removeFolder(path);
      const copied = (await copies()).filter((name) => !binariesCopiedBefore.includes(name));
      for (const name of copied) await removeFolder(join(shared, name));
      // Fails if an application of this machine has its data there.
      await rmdir(shared).catch(() => undefined);
    });

    it('copies the programs, uses another data folder, and finds both again', async () => {
      const requested = join(closed, 'data', 'postgres');
      const first = await inOneRun(requested, 'CREATE TABLE kept AS SELECT 1 AS n');
      const actual = first.postgres?.dataDir ?? '';
      expect(dirname(actual)).toBe(shared);
      expect(first.logged).toContainEqual(
        expect.stringContaining(`cannot enter ${dirname(requested)}: the data is in`),
      );
      const copyLine = expect.stringContaining(`cannot run PostgreSQL in ${application.binariesPackage}: copied it to`);
      if (binariesCopiedBefore.length === 0) expect(first.logged).toContainEqual(copyLine);

      const second = await inOneRun(requested, 'SELECT n FROM kept');
      expect(second.postgres?.dataDir).toBe(actual);
      expect(second.logged).not.toContainEqual(copyLine);
      expect(second.logged).toContainEqual(expect.stringContaining(`the data is in ${actual}.`));

      expect((await stat(closed)).mode & 0o777).toBe(0o700);
      expect(await readdir(closed)).toEqual(['application']);
      await waitUntilNothingRunsOn(actual);
    });

    const inOneRun = async (requested: string, query: string): Promise<Report> => {
      const started = application.start({ dataDir: requested, database: 'metrics' });
      const report = await started.report;
      if (!report.postgres) throw new Error(report.error);
      created.push(report.postgres.dataDir);
      const session = new pg.Client(report.postgres.connection);
      await session.connect();
      await session.query(query);
      await session.end();
      await started.stop();
      return report;
    };
  });
});

async function ownersIn(folder: string): Promise<number[]> {
  const owners = new Set<number>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    owners.add((await stat(join(entry.parentPath, entry.name))).uid);
  }
  return [...owners];
}
