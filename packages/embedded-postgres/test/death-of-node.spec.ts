import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { exists, processesNaming, waitUntil, waitUntilNothingRunsOn } from './support/running-processes.js';
import { createScratchFolder, removeFolder } from './support/scratch-folder.js';
import { Installation } from './support/separate-node.js';

describe('PostgreSQL in a separate Node process', () => {
  let folder: string;
  let dataDir: string;
  let application: Installation;

  beforeAll(async () => {
    folder = await createScratchFolder();
    dataDir = join(folder, 'postgres');
    application = await Installation.create(join(folder, 'application'));
  });
  afterEach(() => application.killAll());
  afterAll(async () => {
    await waitUntilNothingRunsOn(dataDir);
    await removeFolder(folder);
  });

  it('creates one cluster for two concurrent starts, of which the second joins', async () => {
    const options = { dataDir, database: 'metrics', whenRunning: 'join' as const };
    const starts = [application.start(options), application.start(options)];
    const reports = await Promise.all(starts.map(({ report }) => report));
    expect(reports.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(reports.map(({ postgres }) => postgres?.guest).sort()).toEqual([false, true]);
    expect(reports[0]?.postgres?.connection).toEqual(reports[1]?.postgres?.connection);
    const codes = await Promise.all(starts.map((started) => started.stop()));
    expect(codes).toEqual([0, 0]);
    await waitUntilNothingRunsOn(dataDir);
  });

  it('refuses the second of two concurrent starts if it does not join', async () => {
    const starts = [1, 2].map(() => application.start({ dataDir, database: 'metrics' }));
    const reports = await Promise.all(starts.map(({ report }) => report));
    expect(reports.filter(({ postgres }) => postgres)).toHaveLength(1);
    expect(reports.find(({ error }) => error)?.error).toContain(`is already running on ${dataDir}: process`);
    await Promise.all(starts.map((started) => started.stop()));
    await waitUntilNothingRunsOn(dataDir);
  });

  it('ends when Node is killed, and keeps acknowledged data', async () => {
    const first = application.start({ dataDir, database: 'metrics' });
    const { postgres } = await first.report;
    if (!postgres) throw new Error('PostgreSQL did not start.');
    const session = new pg.Client(postgres.connection);
    session.on('error', () => undefined);
    await session.connect();
    await session.query('CREATE TABLE acknowledged (n integer)');
    for (let n = 0; n < 50; n += 1) await session.query('INSERT INTO acknowledged VALUES ($1)', [n]);

    const killedAt = Date.now();
    await first.kill();
    await waitUntilNothingRunsOn(dataDir);
    expect(Date.now() - killedAt).toBeLessThan(10_000);
    expect(await exists(join(dataDir, 'postmaster.pid'))).toBe(false);
    expect(await exists(postgres.connection.host)).toBe(false);

    const second = application.start({ dataDir, database: 'metrics' });
    const report = await second.report;
    const reader = new pg.Client(report.postgres?.connection);
    await reader.connect();
    expect((await reader.query('SELECT FROM acknowledged')).rowCount).toBe(50);
    await reader.end();
    await second.stop();
  });

  it('starts after Node was killed during a start', async () => {
    const unlucky = join(folder, 'unlucky');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const starting = application.start({ dataDir: unlucky, database: 'metrics' });
      await sleep(randomInt(50, 1200));
      await starting.kill();
    }
    const last = application.start({ dataDir: unlucky, database: 'metrics' });
    expect((await last.report).error).toBeUndefined();
    await last.stop();
    await waitUntilNothingRunsOn(unlucky);
    expect(await exists(`${unlucky}.init`)).toBe(false);
    expect(await exists(`${unlucky}.lock`)).toBe(false);
  });

  it('starts while an initdb of a killed Node is still running', async () => {
    const contested = join(folder, 'contested');
    const options = { dataDir: contested, database: 'metrics' };
    const initdbs = () => processesNaming(`initdb\0-D\0${contested}.init`);
    const first = application.start(options);
    await waitUntil('initdb runs', async () => (await initdbs()).length > 0);
    const [orphan = NaN] = await initdbs();
    process.kill(orphan, 'SIGSTOP');
    await first.kill();

    const second = application.start(options);
    await waitUntil('another initdb runs', async () => (await initdbs()).some((pid) => pid !== orphan));
    process.kill(orphan, 'SIGCONT');
    expect((await second.report).error).toBeUndefined();
    await second.stop();
    await waitUntilNothingRunsOn(contested);
    expect(await exists(`${contested}.init`)).toBe(false);
  });

  it('does not keep Node running', async () => {
    const idle = application.startAndDoNothing({ dataDir, database: 'metrics' });
    expect((await idle.report).error).toBeUndefined();
    expect(await idle.whenEnded()).toBe(0);
    await waitUntilNothingRunsOn(dataDir);
  });

  it('removes the cluster of tests when their process is killed', async () => {
    const tests = application.startTestCluster();
    const { url } = await tests.report;
    const session = new pg.Client(url);
    session.on('error', () => undefined);
    await session.connect();
    const { rows } = await session.query<{ folder: string; socket: string }>(
      `SELECT current_setting('data_directory') AS folder, current_setting('unix_socket_directories') AS socket`,
    );
    const { folder: testData = '', socket = '' } = rows[0] ?? {};
    expect(await exists(testData)).toBe(true);
    await tests.kill();
    await waitUntilNothingRunsOn(testData);
    await waitUntil(
      'its folders are removed',
      async () => !(await exists(join(testData, '..'))) && !(await exists(socket)),
    );
  });
});
