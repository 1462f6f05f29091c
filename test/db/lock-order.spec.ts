import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { verify } from '../../src/verification/verify.js';
import { countLockWaits } from '../support/lock-waits.js';
import { startTestService, type TestService } from '../support/test-service.js';

const RESULT = {
  passed: true,
  score: 90,
  duration: 1,
  category: 'security',
  timestamp: new Date('2025-01-25T10:00:00Z'),
};

let test: TestService;
let operator: pg.Client;
beforeAll(async () => {
  test = await startTestService({ LOCK_TIMEOUT: '30', STATEMENT_TIMEOUT: '60' });
  operator = new pg.Client({ connectionString: test.database.url });
  await operator.connect();
});
afterAll(async () => {
  await operator.end();
  await test.close();
});

/** Waits until so many sessions of the database wait for a lock. */
async function untilWaiting(count: number): Promise<void> {
  while ((await countLockWaits(test.database)) < count) await sleep(10);
}

it('an erasure and a result of another agent lock the sums in the same order', async () => {
  for (const agentType of ['leaving', 'guardian']) await test.service.updateCustodyTestResult(agentType, RESULT);
  // As after many concurrent results: the sums have several slots, of which a result takes one that is free.
  for (const [table, key] of [
    ['test_rollups_by_hour', 'hour'],
    ['test_rollups_by_kind', 'category, difficulty'],
  ])
    await test.database.query(`
      INSERT INTO ${table} (agent_type, ${key}, slot, tests, passed, errored, score, timed, duration, xp, custody_xp)
      SELECT agent_type, ${key}, free, 0, 0, 0, 0, 0, 0, 0, 0
        FROM ${table}, generate_series(1, 15) free WHERE agent_type = '*'`);
  await operator.query('BEGIN');
  await operator.query(`SELECT FROM test_rollups_by_hour WHERE agent_type = '*' FOR UPDATE`);
  const erasing = test.service.eraseAgent('leaving', { agent_type: 'leaving', reason: 'by request' });
  await untilWaiting(1);
  const recording = test.service.updateCustodyTestResult('guardian', RESULT);
  await untilWaiting(2);
  await operator.query('COMMIT');
  await Promise.all([erasing, recording]);
  const [{ deadlocks } = {}] = await test.database.query<{ deadlocks: number }>(
    'SELECT deadlocks::integer FROM pg_stat_database WHERE datname = current_database()',
  );
  expect(deadlocks).toBe(0);
  expect(await verify(test.dataSource)).toMatchObject({ differences: 0, named: [] });
});
