import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { countLockWaits } from '../../support/lock-waits.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, AGENTS, ANALYTICS } from '../support/paths.js';
import { expectProblem } from '../support/problem.js';
import { until } from '../support/until.js';

const PATH = agentPath('guardian');
let app: TestApp;
afterEach(() => app.close());

const statusOf = async (method: string, path: string): Promise<number> => (await app.send(method, path)).status;

describe('a service whose write queue fills', () => {
  beforeEach(async () => {
    app = await startTestApp({ COMMIT_QUEUE_SIZE: '2', LOCK_TIMEOUT: '60' });
  });

  it('refuses reads, then writes, and always responds to health requests', async () => {
    await app.database.query('BEGIN');
    await app.database.query("SELECT 1 FROM agent_metrics WHERE agent_type = 'guardian' FOR UPDATE");
    // The first is in its transaction.
    const writes = [app.send('PUT', PATH, { xp: 1 })];
    await until(async () => (await countLockWaits(app.database)) > 0);
    expect(await statusOf('GET', AGENTS)).toBe(200);

    // The second waits, and half of the queue is full.
    writes.push(app.send('PUT', PATH, { xp: 2 }));
    await until(async () => (await statusOf('GET', AGENTS)) === 503);
    for (const path of [PATH, ANALYTICS, '/docs-json']) {
      const refused = await app.send('GET', path);
      expectProblem(refused, 'overloaded', path);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect([await statusOf('GET', '/health/live'), await statusOf('GET', '/health/ready')]).toEqual([200, 200]);

    // There is room for one more write.
    writes.push(app.send('PUT', PATH, { xp: 3 }), app.send('PUT', PATH, { xp: 4 }));
    const refused = await Promise.race(writes);
    expectProblem(refused, 'overloaded', PATH);

    await app.database.query('COMMIT');
    expect((await Promise.all(writes)).map(({ status }) => status).sort()).toEqual([200, 200, 200, 503]);
    expect(await statusOf('GET', PATH)).toBe(200);
  });
});

describe('a service whose event loop is delayed', () => {
  beforeEach(async () => {
    app = await startTestApp({ MAX_EVENT_LOOP_DELAY: '10' });
  });

  it('refuses requests until it recovers, and always responds to health requests', async () => {
    await until(async () => {
      block(200);
      return (await statusOf('GET', AGENTS)) === 503;
    });
    expect(await statusOf('GET', '/health/live')).toBe(200);
    await until(async () => (await statusOf('GET', AGENTS)) === 200);
    expect(await statusOf('PUT', PATH)).not.toBe(503);
  });
});

/** Keeps the event loop from turning, which is that of the service too. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
