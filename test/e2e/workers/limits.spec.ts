import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { get } from 'node:http';
import type { ServiceProcess } from '../../support/service-process.js';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { AGENTS } from '../support/paths.js';
import { until } from '../support/until.js';
import { connectToBoth, logOf, startWorkers, type WorkerConnection } from '../support/workers.js';

let database: TestDatabase;
let service: ServiceProcess;
let connections: [WorkerConnection, WorkerConnection];
const start = async (variables: Record<string, string> = {}) => {
  service = await startWorkers({ DATABASE_URL: database.url, CONNECTION_POOL_SIZE: '5', ...variables });
  connections = await connectToBoth(service);
};
beforeAll(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const connection of connections) connection.close();
  expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
});
afterAll(() => database.drop());

/** Sends a request on a connection of its own. */
async function statusOf(path: string): Promise<number> {
  const [response] = (await once(get(`${service.url}${path}`, { agent: false }), 'response')) as [
    { statusCode: number } & NodeJS.ReadableStream,
  ];
  await text(response);
  return response.statusCode;
}

const parse = (body: string) =>
  new Map(
    body
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
const REQUESTS = 'lvlup_http_request_duration_seconds_count{method="GET",route="/api/agent-metrics",status="200"}';

describe('the rate limit of a service with workers', () => {
  it('holds for the instance as a whole', async () => {
    await start({ RATE_LIMIT: '30/hour' });
    // connectToBoth has sent requests, which count.
    const before = logOf(service).filter(({ message }) => message === 'request').length;
    const statuses = await Promise.all(Array.from({ length: 60 }, () => statusOf(AGENTS)));
    expect(statuses.filter((status) => status === 200)).toHaveLength(30 - before);
    expect(statuses.filter((status) => status === 429)).toHaveLength(30 + before);
    for (const { send } of connections) expect((await send('GET', AGENTS)).status).toBe(429);
  });
});

describe('/metrics of a service with workers', () => {
  const readFrom = async ({ send }: WorkerConnection) => parse((await send('GET', '/metrics')).body);

  it('is the sum over all workers, whichever responds', async () => {
    await start();
    const [first, second] = connections;
    for (let time = 0; time < 3; time++) await first.send('GET', AGENTS);
    for (let time = 0; time < 4; time++) await second.send('GET', AGENTS);
    for (const connection of connections) {
      const samples = await readFrom(connection);
      expect(samples.get(REQUESTS)).toBe(7);
      expect(samples.get('lvlup_database_pool_max_connections')).toBe(35);
      expect(samples.get('lvlup_group_commit_queue_limit')).toBe(10_000);
      for (const worker of ['1', '2']) {
        expect(samples.get(`lvlup_worker_up{worker="${worker}"}`)).toBe(1);
        expect(samples.get(`process_resident_memory_bytes{worker="${worker}"}`)).toBeGreaterThan(10_000_000);
        expect(samples.get(`process_start_time_seconds{worker="${worker}"}`)).toBeGreaterThan(1_700_000_000);
      }
      expect([...samples.keys()].filter((name) => name.startsWith('lvlup_build_info'))).toHaveLength(1);
    }
  });

  it('counts on when a worker is killed, and when one ends in order', async () => {
    await start();
    const [first, second] = connections;
    for (let time = 0; time < 5; time++) await first.send('GET', AGENTS);
    expect((await readFrom(second)).get(REQUESTS)).toBe(5);
    process.kill(first.pid, 'SIGKILL');
    const hasRestarted = async (times: number) => {
      const samples = await readFrom(second);
      const isUp = samples.get('lvlup_worker_up{worker="1"}') === 1;
      return isUp && samples.get('lvlup_worker_restarts_total') === times;
    };
    await until(() => hasRestarted(1));
    expect((await readFrom(second)).get(REQUESTS)).toBe(5);

    const [replacement] = await connectToBoth(service);
    for (let time = 0; time < 2; time++) await replacement.send('GET', AGENTS);
    replacement.close();
    process.kill(replacement.pid, 'SIGTERM');
    await until(() => hasRestarted(2));
    expect((await readFrom(second)).get(REQUESTS)).toBe(7);
  });

  it('does not wait for a worker that hangs, says so, and does not decrease', async () => {
    await start();
    const [first, second] = connections;
    for (let time = 0; time < 5; time++) await first.send('GET', AGENTS);
    expect((await readFrom(second)).get(REQUESTS)).toBe(5);
    process.kill(first.pid, 'SIGSTOP');
    try {
      const began = performance.now();
      const samples = await readFrom(second);
      expect(performance.now() - began).toBeLessThan(4_000);
      expect(samples.get('lvlup_worker_up{worker="1"}')).toBe(0);
      expect(samples.get('lvlup_worker_up{worker="2"}')).toBe(1);
      expect(samples.get(REQUESTS)).toBe(5);
    } finally {
      process.kill(first.pid, 'SIGCONT');
    }
    await until(async () => (await readFrom(second)).get('lvlup_worker_up{worker="1"}') === 1);
  });
});

describe('MAX_CONNECTIONS of a service with workers', () => {
  it('is shared by them, and a full service closes further connections', async () => {
    await start({ MAX_CONNECTIONS: '6', KEEP_ALIVE_TIMEOUT: '60' });
    const { hostname, port } = new URL(service.url);
    const sockets = Array.from({ length: 20 }, () => connect(Number(port), hostname));
    let closed = 0;
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.once('close', () => (closed += 1));
    }
    // Up to six are open: two are those of `connections`, and the connections of startService may be too.
    await until(() => closed >= 16);
    for (const { send } of connections) expect((await send('GET', AGENTS)).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });
});
