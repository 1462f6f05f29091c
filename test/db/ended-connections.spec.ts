import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { buildDataSourceOptions } from '../../src/database/schema/data-source-options.js';
import { isDatabaseUnavailable } from '../../src/database/errors/sql-state.js';
import { addressOf } from '../support/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** "Ready for query", as a server ends the start of a session with it. */
const READY = Buffer.from('Z\0\0\0\x05I', 'latin1');
/** Message of the server to a session that `pg_terminate_backend` or a shutdown ends. */
const TERMINATED = errorResponse('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');

let database: TestDatabase;
let proxy: Server;
/** Connections that are to be ended as soon as they are open. */
let toEnd = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  proxy = createServer();
  proxy.on('connection', (client) => {
    const server = connect(addressOf(database.connection));
    let isOpening = true;
    client.pipe(server);
    server.on('data', (chunk: Buffer) => {
      const opens = isOpening && chunk.subarray(-READY.length).equals(READY);
      if (opens) isOpening = false;
      if (!opens || toEnd === 0) {
        client.write(chunk);
        return;
      }
      toEnd -= 1;
      // In one piece, as the client reads it when it was busy in between.
      client.end(Buffer.concat([chunk, TERMINATED]));
      server.destroy();
    });
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      socket.on('error', () => undefined);
      socket.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve);
  });
});
afterAll(async () => {
  await new Promise((resolve) => proxy.close(resolve));
  await database.drop();
});

describe('a connection that the server ends as soon as it is open', () => {
  it.each([
    { title: 'of a single server', options: {} },
    { title: 'of one that was chosen', options: { sessionTarget: 'read-write' as const } },
  ])('$title fails what wanted it, and neither the process nor the next statement', async ({ options }) => {
    const address = { host: '127.0.0.1', port: (proxy.address() as AddressInfo).port };
    const source = new DataSource(
      buildDataSourceOptions({ ...database.connection, ...address, ...options }, { size: 2, overflow: 0 }, []),
    );
    await source.initialize();
    try {
      // The pool's first connection is taken, so that the next one is new.
      const first = source.query('SELECT pg_sleep(0.2)');
      toEnd = 1;
      await expectUnavailable(source.query('SELECT 1 AS one'));
      expect(toEnd).toBe(0);
      await first;
      expect(await source.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      await source.destroy();
    }
  });
});

async function expectUnavailable(query: Promise<unknown>): Promise<void> {
  const error: unknown = await query.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(isDatabaseUnavailable(error)).toBe(true);
}

function errorResponse(fields: string): Buffer {
  const content = Buffer.from(fields, 'latin1');
  const head = Buffer.alloc(5);
  head.write('E', 'latin1');
  head.writeUInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}
