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

describe('a server that ends unexpectedly', () => {
  let folder: string;
  let dataDir: string;
  let postgres: EmbeddedPostgres;
  let warned: string[];

  const postmasterPid = async (): Promise<number> => {
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

  it('is restarted at the same address after SIGKILL, with all acknowledged data', async () => {
    const session = await connect();
    await session.query('CREATE TABLE acknowledged AS SELECT 1 AS n');
    for (let round = 1; round <= 2; round += 1) {
      const killed = await postmasterPid();
      process.kill(killed, 'SIGKILL');
      await waitForAnotherThan(killed);
      const reader = await connect();
      expect((await reader.query('SELECT n FROM acknowledged')).rows).toEqual([{ n: 1 }]);
      await reader.end();
      expect(warned.filter((line) => / ended unexpectedly\. Last lines of .*server\.log:/.test(line))).toHaveLength(
        round,
      );
      expect(warned.at(-1)).toBe(`PostgreSQL on ${dataDir} is running again.`);
    }
  });

  it('does not wait for a running statement of the killed one', async () => {
    const busy = await connect();
    // A busy process: a waiting one would notice the end of the postmaster.
    const statement = busy
      .query('SELECT count(*) FROM (SELECT generate_series(1, 1000000000000))')
      .catch(() => 'terminated');
    const killed = await postmasterPid();
    process.kill(killed, 'SIGKILL');
    await waitForAnotherThan(killed);
    expect(await statement).toBe('terminated');
  });

  it('stops during a restart', async () => {
    const killed = await postmasterPid();
    process.kill(killed, 'SIGKILL');
    await waitUntil('the end was noticed', () => Promise.resolve(postgres.outage() !== undefined));
    await postgres.stop();
    expect(await postgresProcessesOn(dataDir)).toEqual([]);
  });

  it('gets another watchdog when its watchdog is killed', async () => {
    const watchdogs = async () => {
      const server = await postmasterPid();
      return (await processesNaming(dataDir)).filter((pid) => pid !== server);
    };
    const [killed = 0] = await watchdogs();
    process.kill(killed, 'SIGKILL');
    await waitUntil('another watchdog runs', async () => (await watchdogs()).some((pid) => pid !== killed));
    expect(warned).toEqual(['The watchdog of PostgreSQL ended (SIGKILL) and is being replaced.']);
  });

  it('is lost if it cannot be restarted, with the end of its log as the reason', async () => {
    await appendFile(join(dataDir, 'postgresql.conf'), "\nshared_preload_libraries = 'no_such_library'\n");
    process.kill(await postmasterPid(), 'SIGKILL');
    await waitUntil('an attempt has failed', () =>
      Promise.resolve(postgres.outage()?.includes('attempt 2 of 5') === true),
    );
    const { message } = await postgres.lost;
    expect(message).toContain(`PostgreSQL on ${dataDir} ended and cannot be restarted. PostgreSQL did not start`);
    expect(message).toContain('no_such_library');
    expect(postgres.outage()).toContain('attempt 5 of 5');
  });
});
