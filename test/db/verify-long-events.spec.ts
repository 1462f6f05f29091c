import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { verifyAgents } from '../../src/verification/verify-agents.js';
import { startTestService, type TestService } from '../support/test-service.js';

const EVENTS = 40;

let test: TestService;
beforeAll(async () => {
  test = await startTestService({ MAX_DOCUMENT_BYTES: '1000000' });
  for (let count = 0; count < EVENTS; count++) {
    const config = { noise: randomBytes(150_000).toString('base64') };
    await test.service.createOrUpdateAgentMetrics('guardian', { config });
  }
});
afterAll(() => test.close());

it('reads a few long events at a time, however many there are', async () => {
  const fetched: number[] = [];
  await test.dataSource.transaction(async (manager) => {
    const watched = Object.create(manager) as EntityManager;
    watched.query = async <T>(sql: string, parameters?: unknown[]) => {
      const rows = await manager.query<T>(sql, parameters);
      if (sql.startsWith('FETCH')) fetched.push((rows as unknown[]).length);
      return rows;
    };
    const [verifier] = await verifyAgents(watched, ['guardian']);
    expect(verifier?.differences).toEqual([]);
  });
  expect(fetched.reduce((sum, rows) => sum + rows)).toBe(EVENTS + 1);
  // The first FETCH, before the length of rows is known.
  expect(Math.max(...fetched)).toBe(16);
  expect(Math.max(...fetched.slice(2))).toBeLessThan(8);
});
