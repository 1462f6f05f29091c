import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startTestService, type TestService } from '../support/test-service.js';

const passed = { passed: true, score: 95, duration: 1 };

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
});
afterAll(() => test.close());
afterEach(() => {
  jest.restoreAllMocks();
});

/** Counts the SELECTs that go to the database, which they still do. */
const countedReads = () => jest.spyOn(test.transactions, 'read');

describe('reads at the same time', () => {
  it('share a SELECT: those that ask together, and those that wait while it runs', async () => {
    const read = countedReads();
    await test.database.query('BEGIN');
    await test.database.query('LOCK agent_metrics');
    const first = [1, 2, 3].map(() => test.service.getAgentMetrics('guardian'));
    await sleep(50);
    const waiting = Array.from({ length: 100 }, async (_, index) => {
      await sleep(Math.random() * 50);
      return test.service.getAgentMetrics(index % 2 === 0 ? 'sandbox' : 'guardian');
    });
    await sleep(100);
    await test.database.query('COMMIT');
    const agents = await Promise.all([...first, ...waiting]);
    expect(agents.map(({ agent_type }) => agent_type).filter((name) => name === 'sandbox')).toHaveLength(50);
    // Two that run, and one for all the others.
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('of more agents than one SELECT takes get them all', async () => {
    const names = Array.from({ length: 600 }, (_, index) => `crowd-${index}`);
    await test.service.bulkUpdateMetrics(Object.fromEntries(names.map((name) => [name, {}])));
    const read = countedReads();
    const agents = await Promise.all(names.map((name) => test.service.getAgentMetrics(name)));
    expect(agents.map(({ agent_type }) => agent_type)).toEqual(names);
    expect(read).toHaveBeenCalledTimes(3);
  });

  it('fail one by one for agents that do not exist', async () => {
    const outcomes = await Promise.allSettled(
      ['guardian', 'nobody', 'sandbox'].map((name) => test.service.getAgentMetrics(name)),
    );
    expect(outcomes).toEqual([
      { status: 'fulfilled', value: expect.objectContaining({ agent_type: 'guardian' }) },
      { status: 'rejected', reason: expect.objectContaining({ code: 'agent_not_found' }) },
      { status: 'fulfilled', value: expect.objectContaining({ agent_type: 'sandbox' }) },
    ]);
  });

  it('all fail with a failed SELECT, and the next ones work', async () => {
    await test.database.query('ALTER TABLE agent_metrics RENAME TO away');
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => test.service.getAgentMetrics('guardian')));
    await test.database.query('ALTER TABLE away RENAME TO agent_metrics');
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await test.service.getAgentMetrics('guardian')).toMatchObject({ agent_type: 'guardian' });
  });
});

describe('a read', () => {
  it('sees every write that was acknowledged before it asked, however many read at the same time', async () => {
    const state = { acknowledged: 0, done: false };
    const readers = Array.from({ length: 8 }, async () => {
      while (!state.done) {
        const before = state.acknowledged;
        const { total_tests_given } = await test.service.getAgentMetrics('conquest');
        expect(total_tests_given).toBeGreaterThanOrEqual(before);
      }
    });
    for (let count = 1; count <= 200; count++) {
      await test.service.updateCustodyTestResult('conquest', passed);
      state.acknowledged = count;
    }
    state.done = true;
    await Promise.all(readers);
  });
});
