import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/test-service.js';

const POLL_MS = 250;

let test: TestService;
beforeAll(async () => {
  // The defaults, by name: what the requirements ask for.
  test = await startTestService({ CONNECTION_POOL_SIZE: '20', MAX_OVERFLOW: '30' });
});
afterAll(() => test.close());

/** Connections of the service, as the server counts them. */
async function connections(): Promise<number> {
  const [row] = await test.database.query<{ count: number }>(
    `SELECT count(*)::integer FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  return row?.count ?? -1;
}

describe('a burst', () => {
  it('opens up to 50 connections, waits for one beyond that, and leaves 20', async () => {
    const burst = Array.from({ length: 80 }, () =>
      test.transactions.read((manager) => manager.query('SELECT pg_sleep(1)')),
    );
    const counts: number[] = [];
    const all = Promise.all(burst);
    const done = all.then(() => true);
    while (!(await Promise.race([done, sleep(POLL_MS, false)]))) counts.push(await connections());
    expect(Math.max(...counts)).toBe(50);
    expect(await all).toHaveLength(80);

    const deadline = Date.now() + 30_000;
    while ((await connections()) > 20 && Date.now() < deadline) await sleep(POLL_MS);
    expect(await connections()).toBe(20);
    await sleep(1_000);
    expect(await connections()).toBe(20);
  });
});
