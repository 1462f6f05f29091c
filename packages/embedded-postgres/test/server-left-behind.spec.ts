import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { prepareBinaries } from '../src/binaries.js';
import type { Cluster } from '../src/cluster.js';
import type { EmbeddedPostgres } from '../src/embedded-postgres.js';
import { startEmbeddedPostgres } from '../src/embedded-postgres.js';
import { currentPlatform, platformPackage } from '../src/platform.js';
import { startPostmaster, stopPostmaster } from '../src/postmaster.js';
import { findPostmaster } from '../src/postmaster-pid.js';
import { changeOwner, nobody } from '../src/server-user.js';
import { runsAsRoot, waitUntil, waitUntilNothingRunsOn } from './support/running-processes.js';
import { createScratchFolder, removeFolder } from './support/scratch-folder.js';

describe('startEmbeddedPostgres after an irregular end', () => {
  let folder: string;
  let cluster: Cluster;
  let dataDir: string;
  let logged: string[];
  let cleanUps: (() => Promise<unknown>)[] = [];

  const start = async (whenRunning?: 'refuse' | 'join'): Promise<EmbeddedPostgres> => {
    logged = [];
    const options = { dataDir, database: 'metrics', log: (line: string) => logged.push(line) };
    const postgres = await startEmbeddedPostgres(whenRunning ? { ...options, whenRunning } : options);
    cleanUps.push(() => postgres.stop());
    return postgres;
  };

  const processOn = async (): Promise<number> => {
    const postmaster = await findPostmaster(dataDir);
    if (!postmaster) throw new Error(`No server runs on ${dataDir}.`);
    return postmaster.pid;
  };

  /** A process of the server's user: PostgreSQL ignores processes of other users. */
  const otherProcess = (script: string): ChildProcess => {
    const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'], ...cluster.user });
    cleanUps.push(() => {
      child.kill('SIGKILL');
      return Promise.resolve();
    });
    return child;
  };

  const leavePidFile = (pid: number) =>
    writeFile(
      join(dataDir, 'postmaster.pid'),
      `${pid}\n${dataDir}\n1700000000\n5432\n/tmp/lvlup-pg-gone\n\n 1 1\nready   \n`,
    );

  /** A server without a watchdog, as left when both Node and the watchdog are killed. */
  const leaveServer = async (owner: object): Promise<number> => {
    const socketFolder = await mkdtemp(join(tmpdir(), 'lvlup-left-'));
    cleanUps.push(() => removeFolder(socketFolder));
    await changeOwner(cluster.user, socketFolder);
    await startPostmaster(cluster, { port: '5432', listen_addresses: '', unix_socket_directories: socketFolder });
    cleanUps.push(() => stopPostmaster(cluster, ['immediate']));
    await writeFile(join(dataDir, 'lvlup-owner.json'), JSON.stringify({ ...owner, socketFolder, port: 5432 }));
    return processOn();
  };

  beforeAll(async () => {
    folder = await createScratchFolder();
    dataDir = join(folder, 'postgres');
    const user = runsAsRoot ? await nobody() : undefined;
    const binaries = await prepareBinaries({
      packageName: platformPackage(currentPlatform()),
      user,
      linkFolder: join(folder, 'lib'),
      log: () => undefined,
    });
    cluster = { dataDir, binaries, user };
    await (await start()).stop();
  });
  afterEach(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
    cleanUps = [];
  });
  afterAll(async () => {
    await waitUntilNothingRunsOn(dataDir);
    await removeFolder(folder);
  });

  it('removes a postmaster.pid whose process id was reused', async () => {
    const { pid = 0 } = otherProcess('exec sleep 60');
    await leavePidFile(pid);
    await start();
    expect(logged).toEqual([
      `Removed a stale ${join(dataDir, 'postmaster.pid')}: process ${pid} is not a server on this folder.`,
    ]);
    expect(await processOn()).not.toBe(pid);
  });

  it('removes a postmaster.pid whose process is a zombie', async () => {
    // Before its child ends, the shell becomes a sleep, which never waits for the child.
    const parent = otherProcess('sleep 0.3 & echo $!; exec sleep 60');
    if (!parent.stdout) throw new Error('The process has no output.');
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const zombie = Number(line.toString());
    while (!(await readFile(`/proc/${zombie}/stat`, 'utf8')).includes(') Z ')) await sleep(10);
    await leavePidFile(zombie);
    await start();
    expect(logged[0]).toContain(`process ${zombie} is not a server on this folder`);
  });

  it('starts despite the postmaster.pid of an ended process', async () => {
    const gone = otherProcess('exit 0');
    await once(gone, 'exit');
    await leavePidFile(gone.pid ?? 0);
    await start();
    expect(await processOn()).not.toBe(gone.pid);
  });

  it('removes an empty postmaster.pid after a second check', async () => {
    await writeFile(join(dataDir, 'postmaster.pid'), '');
    const began = Date.now();
    await start();
    expect(Date.now() - began).toBeGreaterThan(2000);
    expect(logged).toEqual([`Removed a stale ${join(dataDir, 'postmaster.pid')}: it contains no process id.`]);
  });

  it('stops a server whose owner is dead, even if the process id was reused', async () => {
    const left = await leaveServer({ pid: process.pid, start: 'another time' });
    await start();
    expect(logged).toEqual([`Stopped a PostgreSQL server (process ${left}) that had been left running on ${dataDir}.`]);
    expect(await processOn()).not.toBe(left);
  });

  it('refuses a server that was started by other means, and leaves it running', async () => {
    const left = await leaveServer({});
    // The file is from an earlier server of this package, at another address.
    await writeFile(
      join(dataDir, 'lvlup-owner.json'),
      JSON.stringify({ pid: 1, start: '', socketFolder: '/tmp/lvlup-pg-gone', port: 5432 }),
    );
    await expect(start()).rejects.toThrow(`(process ${left}) is already running on ${dataDir}: it was not started by`);
    expect(await processOn()).toBe(left);
  });

  it('refuses a server whose owner is alive', async () => {
    await start();
    const running = await processOn();
    await expect(start()).rejects.toThrow(
      `A PostgreSQL server (process ${running}) is already running on ${dataDir}: process ${process.pid} started it. ` +
        'Stop that server, choose another folder, or use another PostgreSQL server.',
    );
    expect(await processOn()).toBe(running);
  });

  it('joins it on request, as a guest that never stops it', async () => {
    const owner = await start();
    const running = await processOn();
    const guest = await start('join');
    expect(guest).toMatchObject({ connection: owner.connection, dataDir: owner.dataDir, guest: true });
    await guest.stop();
    expect(await processOn()).toBe(running);
    await owner.stop();
    expect(await findPostmaster(dataDir)).toBeUndefined();
  });

  it('waits for the last processes of a server that was killed', async () => {
    const killed = await start();
    const session = new pg.Client(killed.connection);
    session.on('error', () => undefined);
    await session.connect();
    const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const worker = rows[0]?.pid ?? 0;
    // A busy process does not notice the end of the postmaster.
    const busy = session.query('SELECT count(*) FROM generate_series(1, 1e12::bigint)').catch(() => undefined);
    await sleep(200);
    process.kill(await processOn(), 'SIGKILL');
    // On a busy machine, a killed process is still there for some milliseconds.
    await waitUntil('the server has ended', async () => (await findPostmaster(dataDir)) === undefined);
    let isDone = false;
    const starting = start().finally(() => (isDone = true));
    await sleep(1500);
    expect(isDone).toBe(false);
    process.kill(worker, 'SIGKILL');
    await starting;
    await busy;
    // The owner of the killed server must not stop the new one.
    const running = await processOn();
    await killed.stop();
    expect(await processOn()).toBe(running);
  });

  it('stops a server immediately if it does not stop in time', async () => {
    const postgres = await start();
    const session = new pg.Client(postgres.connection);
    session.on('error', () => undefined);
    await session.connect();
    const { rows } = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const worker = rows[0]?.pid ?? 0;
    process.kill(worker, 'SIGSTOP');
    const stopping = stopPostmaster(cluster, ['fast', 'immediate'], 3);
    const serverLog = join(dataDir, 'server.log');
    await waitUntil('the server receives the immediate stop', async () =>
      (await readFile(serverLog, 'utf8')).includes('received immediate shutdown request'),
    );
    // Otherwise the server would wait for it for 5 s.
    process.kill(worker, 'SIGCONT');
    await stopping;
    expect(await findPostmaster(dataDir)).toBeUndefined();
    await postgres.stop();
    await waitUntilNothingRunsOn(dataDir);
  });
});
