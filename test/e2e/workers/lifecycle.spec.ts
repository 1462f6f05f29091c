import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPostmaster } from 'lvlup-embedded-postgres/testing';
import { runUntilExit, type ServiceProcess } from '../../support/service-process.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../support/until.js';
import { connectTo, connectToBoth, isRunning, logOf, startWorkers } from '../support/workers.js';

let database: TestDatabase;
let folder: string;
const started: ServiceProcess[] = [];
const startOn = async (variables: Record<string, string>) => {
  const service = await startWorkers(variables);
  started.push(service);
  return service;
};
const start = (variables: Record<string, string> = {}) => startOn({ DATABASE_URL: database.url, ...variables });
const startWithEmbedded = (variables: Record<string, string> = {}) =>
  startOn({ DATA_DIR: join(folder, 'data'), ...variables });
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lvlup-workers-'));
  // As root the server runs as another user, who must be able to enter.
  await chmod(folder, 0o755);
});
afterEach(async () => {
  for (const service of started.splice(0)) await service.end('SIGTERM').catch(() => undefined);
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

const READY = '/health/ready';
const messagesOf = (service: ServiceProcess) => logOf(service).map(({ message }) => message);

describe('a service with two workers', () => {
  it('serves with both at one port, and logs once what concerns all', async () => {
    const service = await startWithEmbedded({ PORT: '0' });
    const [first, second] = await connectToBoth(service);
    expect(new Set([first.pid, second.pid, service.pid]).size).toBe(3);
    for (const { send } of [first, second]) expect((await send('GET', READY)).status).toBe(200);
    const messages = messagesOf(service);
    for (const text of [
      `Dashboard  ${service.url}/`,
      `API        ${service.url}/api/agent-metrics`,
      `Swagger    ${service.url}/docs`,
      /^Data {7}embedded PostgreSQL in /,
      'Workers    2 processes',
      /^Migrated the database: /,
      /^No API key exists/,
    ]) {
      expect([text, messages.filter((message) => message.match(text) !== null || message === text)]).toEqual([
        text,
        [expect.anything()],
      ]);
    }
    const own = logOf(service).filter(({ pid }) => pid === service.pid);
    expect(own.filter(({ worker }) => worker !== undefined)).toEqual([]);
    first.close();
    second.close();
  });

  it('completes the requests of all workers on SIGTERM, and stops its database', async () => {
    const service = await startWithEmbedded();
    const connections = await connectToBoth(service);
    // Each worker has received the head of a request whose body is still missing.
    const { hostname, port } = new URL(service.url);
    const sockets = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const socket = connect(Number(port), hostname);
        const head = 'POST /api/agent-metrics/guardian/custody-xp HTTP/1.1\r\nHost: localhost\r\n';
        socket.write(`${head}Content-Type: application/json\r\nContent-Length: 12\r\n\r\n`);
        await once(socket, 'connect');
        return socket;
      }),
    );
    for (const { send } of connections) await send('GET', '/health/live');
    const ending = service.end('SIGTERM');
    await until(() => messagesOf(service).includes('SIGTERM: stopping'));
    const answers = await Promise.all(
      sockets.map(async (socket) => {
        socket.write('{"amount":1}');
        const [chunk] = (await once(socket, 'data')) as [Buffer];
        return chunk.toString().slice(0, 15);
      }),
    );
    expect(answers).toEqual(answers.map(() => 'HTTP/1.1 200 OK'));
    expect(await ending).toEqual({ code: 0, signal: null });
    expect(connections.filter(({ pid }) => isRunning(pid))).toEqual([]);
    expect(await findPostmaster(join(folder, 'data', 'postgres'))).toBeUndefined();
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'stops once when a terminal or service manager sends %s to all processes',
    async (signal) => {
      const service = await start();
      for (const { pid } of await connectToBoth(service)) process.kill(pid, signal);
      expect(await service.end(signal)).toEqual({ code: 0, signal: null });
      expect(messagesOf(service).filter((message) => /cannot|not stopped/i.test(message))).toEqual([]);
    },
  );

  it('ends all workers at the second signal', async () => {
    const service = await start({ SHUTDOWN_DELAY: '20' });
    const connections = await connectToBoth(service);
    service.signal('SIGTERM');
    await until(() => messagesOf(service).includes('SIGTERM: stopping'));
    expect(await service.end('SIGTERM')).toEqual({ code: 1, signal: null });
    await until(() => !connections.some(({ pid }) => isRunning(pid)));
  });
});

describe('a worker that ends', () => {
  it.each([
    ['SIGKILL', /^Worker 1 \(process \d+\) ended \(SIGKILL\)\. It is replaced now$/],
    ['SIGTERM', /^Worker 1 \(process \d+\) ended \(exit code 0\)\. It is replaced now$/],
  ] as const)('by %s is replaced, and the other one continues', async (signal, reason) => {
    const service = await start({ PORT: '0' });
    const [first, second] = await connectToBoth(service);
    process.kill(first.pid, signal);
    await until(() => messagesOf(service).some((message) => reason.test(message)));
    expect((await second.send('GET', READY)).status).toBe(200);
    // New connections do not fail meanwhile.
    const other = await connectTo(service);
    expect(other.worker).toBe(2);
    other.close();
    // Logged for each of them.
    await until(
      () => messagesOf(service).filter((message) => /^Worker 1 \(process \d+\) serves/.test(message)).length === 2,
    );
    const [replacement] = await connectToBoth(service);
    expect(replacement.pid).not.toBe(first.pid);
    expect((await second.send('GET', READY)).status).toBe(200);
    expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('with its supervisor: all end, and the database can be used again', async () => {
    const service = await startWithEmbedded();
    const connections = await connectToBoth(service);
    await service.end('SIGKILL');
    await until(() => !connections.some(({ pid }) => isRunning(pid)));
    expect(messagesOf(service)).toContain('The supervisor has ended: stopping');
    const next = await startWithEmbedded();
    expect((await fetch(`${next.url}${READY}`)).status).toBe(200);
  });
});

describe('the embedded server ends', () => {
  it('and both workers state the reason until it runs again', async () => {
    const service = await startWithEmbedded();
    const connections = await connectToBoth(service);
    const postmaster = await findPostmaster(join(folder, 'data', 'postgres'));
    if (!postmaster) throw new Error('no server runs');
    const reasons = Promise.all(
      connections.map(({ send }) =>
        until(async () => (await send('GET', READY)).body.includes('ended unexpectedly and is being restarted')),
      ),
    );
    process.kill(postmaster.pid, 'SIGKILL');
    await reasons;
    await until(() => service.output().includes('is running again'));
    for (const { send } of connections) await until(async () => (await send('GET', READY)).status === 200);
    expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });
});

describe('workers that cannot start', () => {
  const run = (variables: Record<string, string>) =>
    runUntilExit({ WORKERS: '2', DATA_DIR: join(folder, 'data'), ...variables });

  it('name once the port that is in use, and leave nothing running', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const { code, output } = await run({ PORT: String(port) });
    taken.close();
    expect(code).toBe(1);
    expect(output.match(new RegExp(`listen EADDRINUSE: address already in use 127.0.0.1:${port}`, 'g'))).toHaveLength(
      1,
    );
    expect(await findPostmaster(join(folder, 'data', 'postgres'))).toBeUndefined();
  });

  it('state once that HOST needs a key', async () => {
    const { code, output } = await run({ HOST: '0.0.0.0', PORT: '0' });
    expect(code).toBe(1);
    expect(output.match(/HOST=0\.0\.0\.0 .* no API key exists/g)).toHaveLength(1);
  });

  it('are not started with limits of which they have no share', async () => {
    const { code, output } = await run({ CONNECTION_POOL_SIZE: '1' });
    expect(code).toBe(1);
    expect(output).toContain('CONNECTION_POOL_SIZE: must be at least WORKERS');
  });
});
