import { appendFile, chmod, mkdir, readFile, readdir, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import type { EmbeddedPostgres } from '../src/embedded-postgres.js';
import { startEmbeddedPostgres } from '../src/embedded-postgres.js';
import { readPostmasterPid } from '../src/postmaster-pid.js';
import { exists, processesNaming, waitUntilNothingRunsOn } from './support/running-processes.js';
import { createScratchFolder, removeFolder } from './support/scratch-folder.js';

describe('startEmbeddedPostgres', () => {
  let folder: string;
  let dataDir: string;
  let logged: string[];

  const start = () => {
    logged = [];
    return startEmbeddedPostgres({ dataDir, database: 'metrics', log: (line) => logged.push(line) });
  };

  /** Starts a server, runs work in a session, and stops the server. */
  const during = async <T>(work: (session: pg.Client, postgres: EmbeddedPostgres) => Promise<T>): Promise<T> => {
    const postgres = await start();
    const session = new pg.Client(postgres.connection);
    try {
      await session.connect();
      return await work(session, postgres);
    } finally {
      await session.end();
      await postgres.stop();
    }
  };

  beforeAll(async () => {
    folder = await createScratchFolder();
    dataDir = join(folder, 'with space é', 'postgres');
  });
  afterAll(async () => {
    await waitUntilNothingRunsOn(dataDir);
    await removeFolder(folder);
  });

  it('creates a cluster despite the remains of an interrupted initdb', async () => {
    const leftover = join(`${dataDir}.init`, 'cluster');
    await mkdir(leftover, { recursive: true });
    await writeFile(join(leftover, 'PG_VERSION'), '18\n');

    const settings = await during(async (session) => {
      await session.query('CREATE TABLE kept (value text)');
      await session.query("INSERT INTO kept VALUES ('before the stop')");
      const names = ['fsync', 'data_checksums', 'max_connections', 'TimeZone', 'server_encoding', 'listen_addresses'];
      const { rows } = await session.query<{ name: string; setting: string }>(
        'SELECT name, setting FROM pg_settings WHERE name = ANY ($1)',
        [names],
      );
      return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
    });

    expect(settings).toEqual({
      fsync: 'on',
      data_checksums: 'on',
      max_connections: '100',
      TimeZone: 'UTC',
      server_encoding: 'UTF8',
      listen_addresses: '',
    });
    expect(logged).toEqual([`Created a PostgreSQL 18 cluster in ${dataDir}.`]);
    expect(await readdir(join(dataDir, '..'))).toEqual(['postgres']);
  });

  it('keeps the data after a stop and a start', async () => {
    const { rows } = await during((session) => session.query('SELECT value FROM kept'));
    expect(rows).toEqual([{ value: 'before the stop' }]);
    expect(logged).toEqual([]);
  });

  it('uses the built-in locale C.UTF-8, independent of the machine', async () => {
    await during(async (session) => {
      const { rows } = await session.query(
        `SELECT datlocprovider, datlocale, upper('äé') AS upper FROM pg_database WHERE datname = current_database()`,
      );
      expect(rows).toEqual([{ datlocprovider: 'b', datlocale: 'C.UTF-8', upper: 'ÄÉ' }]);
    });
  });

  it('listens only in a short private folder, which is removed with the server', async () => {
    const socketFolder = await during(async (_session, { connection, tcpPort }) => {
      expect(tcpPort).toBeUndefined();
      expect((await stat(connection.host)).mode & 0o777).toBe(0o700);
      const socket = join(connection.host, `.s.PGSQL.${connection.port}`);
      expect((await stat(socket)).isSocket()).toBe(true);
      expect(Buffer.byteLength(socket)).toBeLessThanOrEqual(107);
      return connection.host;
    });
    expect(await exists(socketFolder)).toBe(false);
  });

  it('starts the server by its absolute path, from which it locates its libraries', async () => {
    await during(async () => {
      const postmaster = await readPostmasterPid(dataDir);
      if (postmaster === undefined || postmaster === 'unreadable') throw new Error('No server is running.');
      const [program] = (await readFile(`/proc/${postmaster.pid}/cmdline`, 'utf8')).split('\0');
      expect(program).toBe(await readlink(`/proc/${postmaster.pid}/exe`));
    });
  });

  it('installs no signal handlers, and a second stop does nothing', async () => {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit', 'beforeExit', 'uncaughtException'];
    const countListeners = () => signals.map((signal) => process.listenerCount(signal));
    const before = countListeners();
    const postgres = await start();
    expect(countListeners()).toEqual(before);
    await Promise.all([postgres.stop(), postgres.stop()]);
    await postgres.stop();
    await waitUntilNothingRunsOn(dataDir);
  });

  it('restores the mode of the data folder', async () => {
    await chmod(dataDir, 0o755);
    await during(async () => {
      expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    });
    expect(logged).toEqual([`Changed the mode of ${dataDir} from 755 to 700.`]);
  });

  it('reports the end of the log if the server does not start, and leaves no process behind', async () => {
    const configuration = join(dataDir, 'postgresql.conf');
    const original = await readFile(configuration, 'utf8');
    await appendFile(configuration, "\nshared_preload_libraries = 'no_such_library'\n");
    try {
      await expect(start()).rejects.toThrow(
        /did not start on .*pg_ctl ended with exit code 1[^]*Last lines of .*server\.log:[^]*no_such_library/,
      );
      await waitUntilNothingRunsOn(dataDir);
      expect(await processesNaming(dataDir)).toEqual([]);
    } finally {
      await writeFile(configuration, original);
    }
  });

  it('refuses data of another major version and leaves it unchanged', async () => {
    const versionFile = join(dataDir, 'PG_VERSION');
    await writeFile(versionFile, '15\n');
    await expect(start()).rejects.toThrow(
      `${dataDir} contains data of PostgreSQL 15, and the installed version is 18.`,
    );
    expect(await readFile(versionFile, 'utf8')).toBe('15\n');
    await writeFile(versionFile, '18\n');
    await during(async (session) => {
      expect((await session.query('SELECT FROM kept')).rowCount).toBe(1);
    });
  });

  it('refuses an incomplete cluster', async () => {
    const incomplete = join(folder, 'incomplete');
    await mkdir(incomplete);
    await writeFile(join(incomplete, 'PG_VERSION'), '18\n');
    const starting = startEmbeddedPostgres({ dataDir: incomplete, database: 'metrics', log: () => undefined });
    await expect(starting).rejects.toThrow('PG_VERSION without global/pg_control');
    expect(await readdir(incomplete)).toEqual(['PG_VERSION']);
  });

  it('refuses a folder with other files', async () => {
    const foreign = join(folder, 'foreign');
    await mkdir(foreign);
    await writeFile(join(foreign, 'thesis.txt'), 'important');
    const starting = startEmbeddedPostgres({ dataDir: foreign, database: 'metrics', log: () => undefined });
    await expect(starting).rejects.toThrow(`${foreign} is not empty and contains no PostgreSQL data.`);
    expect(await readdir(foreign)).toEqual(['thesis.txt']);
    await rm(foreign, { recursive: true });
  });

  it('refuses a path that the shell of pg_ctl would expand', async () => {
    const starting = startEmbeddedPostgres({ dataDir: join(folder, '$HOME'), database: 'm', log: () => undefined });
    await expect(starting).rejects.toThrow(`The path ${join(folder, '$HOME')} is not supported`);
  });
});
