import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/test-service.js';

const passed = { passed: true, score: 95, duration: 1, xp_awarded: 1 };

let test: TestService;
beforeAll(async () => {
  test = await startTestService({
    STATEMENT_TIMEOUT: '1',
    LOCK_TIMEOUT: '0.3',
    IDLE_IN_TRANSACTION_TIMEOUT: '0.5',
  });
});
afterAll(() => test.close());

const record = (agentType: string) => test.service.updateCustodyTestResult(agentType, passed);

/** Holds the rows of these agents, as an operator would who forgot to commit. */
async function whileHeld(agentTypes: string[], work: () => Promise<void>): Promise<void> {
  await test.database.query('BEGIN');
  await test.database.query('SELECT 1 FROM agent_metrics WHERE agent_type = ANY($1) FOR UPDATE', [agentTypes]);
  try {
    await work();
  } finally {
    await test.database.query('COMMIT');
  }
}

describe('an agent whose row someone else holds', () => {
  it('has its writes refused, to be tried again; those of others are recorded', async () => {
    const first = record('conquest');
    await whileHeld(['guardian', 'sandbox'], async () => {
      const outcomes = await Promise.allSettled(
        ['guardian', 'imperium', 'guardian', 'sandbox', 'imperium', 'guardian'].map(record),
      );
      expect(outcomes).toEqual([
        { status: 'rejected', reason: expect.objectContaining({ code: 'write_conflict' }) },
        { status: 'fulfilled', value: expect.objectContaining({ version: 2 }) },
        { status: 'rejected', reason: expect.objectContaining({ code: 'write_conflict' }) },
        { status: 'rejected', reason: expect.objectContaining({ code: 'write_conflict' }) },
        { status: 'fulfilled', value: expect.objectContaining({ version: 3 }) },
        { status: 'rejected', reason: expect.objectContaining({ code: 'write_conflict' }) },
      ]);
    });
    await first;
    expect(await record('guardian')).toMatchObject({ version: 2 });
  });

  it('is waited for once, however many writes it has', async () => {
    await whileHeld(['guardian'], async () => {
      const started = Date.now();
      await Promise.allSettled([...Array.from({ length: 100 }, () => record('guardian')), record('imperium')]);
      // A hundred waits would take half a minute.
      expect(Date.now() - started).toBeLessThan(10_000);
    });
  });
});

describe('the timeouts', () => {
  it('hold outside of transactions', async () => {
    const read = test.transactions.read((manager) => manager.query('SELECT pg_sleep(20)'));
    await expect(read).rejects.toMatchObject({ code: 'statement_timeout' });
  });

  it('end a statement that takes too long', async () => {
    const work = test.transactions.run((manager) => manager.query('SELECT pg_sleep(20)'));
    await expect(work).rejects.toMatchObject({ code: 'statement_timeout' });
  });

  it('end a transaction that idles', async () => {
    const work = test.transactions.run(async (manager) => {
      await manager.query('SELECT 1');
      await sleep(1_000);
      await manager.query('SELECT 1');
    });
    await expect(work).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(await record('sandbox')).toMatchObject({ agent_type: 'sandbox' });
  });
});

describe('a transaction whose connection the server ends between two statements', () => {
  it('fails with database_unavailable, and the next one works', async () => {
    const work = test.transactions.run(async (manager) => {
      const [row] = await manager.query<{ pid: number }[]>('SELECT pg_backend_pid() AS pid');
      await test.database.query('SELECT pg_terminate_backend($1, 5000)', [row?.pid]);
      await sleep(100);
      await manager.query('SELECT 1');
    });
    await expect(work).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(await record('sandbox')).toMatchObject({ agent_type: 'sandbox' });
  });
});
