import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import type { EmbeddedPostgres } from '../src/embedded-postgres.js';
import { startEmbeddedPostgres } from '../src/embedded-postgres.js';
import { findPostmaster } from '../src/postmaster-pid.js';
import { postgresProcessesOn } from '../src/process-table.js';
import { processesNaming, waitUntil, waitUntilNothingRunsOn } from './support/running-processes.js';
import { createScratchFolder, removeFolder } from './support/scratch-folder.js';

describe('a server that ends while it is needed', () => {
  let folder: string;
  let dataDir: string;
  let postgres: EmbeddedPostgres;
  let warned: string[];

  const mainProcess = async (): Promise<number> => {
    const postmaster = await findPostmaster(dataDir);
    if (!postmaster) throw new Error('No server runs.');
    return postmaster.pid;
  };
  const connect = async (): Promise<pg.Client> => {
    const session = new pg.Client(postgres.connection);
    session.on('error', () => undefined);
    await session.connect();
    return session;
  };
  const waitForAnotherThan = (pid: number) =>
    waitUntil('another server runs', async () => {
      const found = await findPostmaster(dataDir);
      return found !== undefined && found.pid !== pid && postgres.outage() === undefined;
    });

  beforeAll(async () => {
    folder = await createScratchFolder();
    dataDir = join(folder, 'postgres');
  });
  beforeEach(async () => {
    warned = [];
    const log = (line: string, severity?: 'warn') => severity === 'warn' && warned.push(line);
    postgres = await startEmbeddedPostgres({ dataDir, database: 'metrics', log });
  });
  afterEach(() => postgres.stop());
  afterAll(async () => {
    await waitUntilNothingRunsOn(dataDir);
    await removeFolder(folder);
  });

  it('is started again at the same address after SIGKILL, with all that was acknowledged', async () => {
    const session = await connect();
    await session.query('CREATE TABLE acknowledged AS SELECT 1 AS n');
    for (let round = 1; round <= 2; round += 1) {
      const killed = await mainProcess();
      process.kill(killed, 'SIGKILL');
      await waitForAnotherThan(killed);
      const reader = await connect();
      expect((await reader.query('SELECT n FROM acknowledged')).rows).toEqual([{ n: 1 }]);
      await reader.end();
      expect(warned.filter((line) => /has ended unexpectedly\. Last lines of .*server\.log:/.test(line))).toHaveLength(
        round,
      );
      expect(warned.at(-1)).toBe(`PostgreSQL on ${dataDir} runs again.`);
    }
  });

  it('does not wait for a statement that the killed one was carrying out', async () => {
    const busy = await connect();
    // Sleeping, it would notice the end of the main process by itself.
    const statement = busy
      .query('SELECT count(*) FROM (SELECT generate_series(1, 1000000000000))')
      .catch(() => 'cut off');
    const killed = await mainProcess();
    process.kill(killed, 'SIGKILL');
    await waitForAnotherThan(killed);
    expect(await statement).toBe('cut off');
  });

  it('stops while it is being started again', async () => {
    const killed = await mainProcess();
    process.kill(killed, 'SIGKILL');
    await waitUntil('the end was noticed', () => Promise.resolve(postgres.outage() !== undefined));
    await postgres.stop();
    expect(await postgresProcessesOn(dataDir)).toEqual([]);
  });

  it('gets another watchdog when that one is killed', async () => {
    const watchdogs = async () => {
      const server = await mainProcess();
      return (await processesNaming(dataDir)).filter((pid) => pid !== server);
    };
    const [killed = 0] = await watchdogs();
    process.kill(killed, 'SIGKILL');
    await waitUntil('another watchdog runs', async () => (await watchdogs()).some((pid) => pid !== killed));
    expect(warned).toEqual(['The watchdog of PostgreSQL has ended (SIGKILL): starting another.']);
  });

  it('is lost when it can not be started again, for the reason that its log names', async () => {
    await appendFile(join(dataDir, 'postgresql.conf'), "\nshared_preload_libraries = 'no_such_library'\n");
    process.kill(await mainProcess(), 'SIGKILL');
    await waitUntil('a try has failed', () => Promise.resolve(postgres.outage()?.includes('try 2 of 5') === true));
    const { message } = await postgres.lost;
    expect(message).toContain(
      `PostgreSQL on ${dataDir} has ended, and can't be started again. PostgreSQL did not start`,
    );
    expect(message).toContain('no_such_library');
    expect(postgres.outage()).toContain('try 5 of 5');
  });
});
