import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCustodyTest } from '../factories/custody-test.factory.js';
import { type ServiceProcess, startService } from '../support/service-process.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { agentPath } from './support/paths.js';

const LIVE = 'GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n';
const RESULT = JSON.stringify(createCustodyTest());
const RESULT_HEAD = `POST ${agentPath('guardian', 'custody-test')} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${RESULT.length}\r\n\r\n`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function start(variables: Record<string, string> = {}): Promise<ServiceProcess> {
  return startService({ DATABASE_URL: database.url, CONNECTION_POOL_SIZE: '2', ...variables });
}

async function open({ url }: ServiceProcess): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes on an open connection and waits for an answer without a long body. */
async function ask(socket: Socket, bytes: string): Promise<string> {
  socket.write(bytes);
  const [chunk] = (await once(socket, 'data')) as [Buffer];
  return chunk.toString();
}

async function untilRefused(service: ServiceProcess): Promise<void> {
  for (;;) {
    try {
      (await open(service)).destroy();
    } catch {
      return;
    }
    await sleep(5);
  }
}

describe('a service that receives SIGTERM', () => {
  it('is not ready from then on, and serves during the delay for load balancers', async () => {
    const service = await start({ SHUTDOWN_DELAY: '20' });
    const ending = service.end('SIGTERM');
    let ready: Response;
    do ready = await fetch(`${service.url}/health/ready`);
    while (ready.ok);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ status: 'unhealthy', reason: 'shutting down' });

    const written = await fetch(`${service.url}${agentPath('imperium', 'custody-test')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: RESULT,
    });
    expect(written.status).toBe(200);
    expect(written.headers.get('connection')).toBe('close');
    // The second signal ends it at once.
    await service.end('SIGTERM');
    expect(await ending).toEqual({ code: 1, signal: null });
  });

  it('refuses connections, responds on open ones, and announces their end', async () => {
    const service = await start();
    const [idle, unused, halfway] = [await open(service), await open(service), await open(service)];
    expect(await ask(idle, LIVE)).toContain('Connection: keep-alive');
    halfway.write(RESULT_HEAD);
    await ask(idle, LIVE);

    const ending = service.end('SIGTERM');
    await untilRefused(service);
    for (const [socket, bytes] of [
      [idle, LIVE],
      [unused, RESULT_HEAD + RESULT],
      [halfway, RESULT],
    ] as const) {
      const closed = once(socket, 'close');
      const answer = await ask(socket, bytes);
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(answer).toMatch(/^connection: close\r$/im);
      await closed;
    }
    expect(await ending).toEqual({ code: 0, signal: null });
  });

  it('does not wait for idle connections, and limits the wait for incomplete requests', async () => {
    const service = await start({ SHUTDOWN_TIMEOUT: '4' });
    const sockets = [await open(service), await open(service), await open(service)];
    const [idle, , halfway] = sockets as [Socket, Socket, Socket];
    const closed = sockets.map((socket) =>
      once(
        socket.on('error', () => undefined),
        'close',
      ),
    );
    await ask(idle, LIVE);
    halfway.write(RESULT_HEAD);
    await ask(idle, LIVE);
    expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
    await Promise.all(closed);
    expect(service.output()).toContain('1 connections were cut');
  });
});
