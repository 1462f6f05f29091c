import { once } from 'node:events';
import { readFile, rm, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import type { EmbeddedPostgres } from '../src/embedded-postgres.js';
import { startEmbeddedPostgres } from '../src/embedded-postgres.js';
import { freePort } from '../src/tcp-port.js';
import { waitUntilNothingRunsOn } from './support/running-processes.js';
import { createScratchFolder, removeFolder } from './support/scratch-folder.js';

describe('a TCP port in addition to the socket', () => {
  let folder: string;
  let dataDir: string;
  let passwordFile: string;
  let logged: string[] = [];

  const during = async (tcpPort: number, work: (postgres: EmbeddedPostgres) => Promise<void>) => {
    logged = [];
    const log = (line: string) => logged.push(line);
    const postgres = await startEmbeddedPostgres({ dataDir, database: 'metrics', tcpPort, log });
    try {
      await work(postgres);
    } finally {
      await postgres.stop();
    }
  };

  const connect = async ({ tcpPort }: EmbeddedPostgres, password: string): Promise<void> => {
    const session = new pg.Client({
      host: '127.0.0.1',
      port: tcpPort ?? 0,
      user: 'postgres',
      database: 'metrics',
      password,
    });
    try {
      await session.connect();
    } finally {
      await session.end();
    }
  };

  beforeAll(async () => {
    folder = await createScratchFolder();
    dataDir = join(folder, 'postgres');
    passwordFile = join(dataDir, 'tcp-password');
  });
  afterAll(async () => {
    await waitUntilNothingRunsOn(dataDir);
    await removeFolder(folder);
  });

  it('requires the password', async () => {
    const port = await freePort();
    await during(port, async (postgres) => {
      expect(postgres.tcpPort).toBe(port);
      expect(logged.at(-1)).toBe(
        `PostgreSQL listens on TCP: PGPASSWORD="$(cat '${passwordFile}')" psql -h 127.0.0.1 -p ${port} -U postgres metrics`,
      );
      expect((await stat(passwordFile)).mode & 0o777).toBe(0o600);
      await connect(postgres, await readFile(passwordFile, 'utf8'));
      await expect(connect(postgres, 'a guess')).rejects.toMatchObject({ code: '28P01' });
    });
  });

  it('uses another port if the requested one is taken, and logs it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    try {
      await during(port, async (postgres) => {
        expect(postgres.tcpPort).not.toBe(port);
        expect(postgres.connection.port).toBe(postgres.tcpPort);
        expect(logged[0]).toBe(`TCP port ${port} is taken: PostgreSQL uses port ${String(postgres.tcpPort)}.`);
        await connect(postgres, await readFile(passwordFile, 'utf8'));
      });
    } finally {
      other.close();
    }
  });

  it('sets a new password if the file was removed', async () => {
    const old = await readFile(passwordFile, 'utf8');
    await rm(passwordFile);
    await during(await freePort(), async (postgres) => {
      await connect(postgres, await readFile(passwordFile, 'utf8'));
      await expect(connect(postgres, old)).rejects.toMatchObject({ code: '28P01' });
    });
  });
});
