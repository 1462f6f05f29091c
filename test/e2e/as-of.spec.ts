import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, custodyPath } from './support/paths.js';
import { expectProblem } from './support/problem.js';
import { metricsOf } from './support/read.js';

const PASSED = { passed: true, score: 90, duration: 1 };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  for (const score of [10, 20, 30]) {
    await app.send('POST', agentPath('guardian', 'custody-test'), { ...PASSED, score, passed: score > 10 });
  }
});
afterAll(() => app.close());

describe('as_of', () => {
  it('returns the present document for the newest version', async () => {
    const now = await metricsOf(app, 'guardian');
    const { status, headers, body } = await app.send('GET', `${agentPath('guardian')}?as_of=4`);
    expect([status, headers.get('etag')]).toEqual([200, null]);
    expect(body).toEqual({
      status: 'success',
      agent_type: 'guardian',
      as_of: { version: 4, recorded_at: expect.any(String) },
      metrics: now,
      timestamp: expect.any(String),
    });
    expect(Object.keys((body as { metrics: object }).metrics)).toEqual(Object.keys(now));
  });

  it('returns what was known at an earlier version or time', async () => {
    const { body } = await app.send('GET', `${agentPath('guardian', 'custody')}?as_of=2`);
    expect(body).toMatchObject({
      custody_metrics: { total_tests_given: 1, consecutive_failures: 1 },
      as_of: { version: 2 },
    });
    const { recorded_at } = (body as { as_of: { recorded_at: string } }).as_of;
    const at = encodeURIComponent(recorded_at);
    const eligibility = await app.send('GET', `${custodyPath('guardian')}/eligibility?as_of=${at}`);
    expect(eligibility.body).toMatchObject({ as_of: { version: 2 }, eligibility: { propose: { eligible: false } } });
    const standing = await app.send('GET', `${custodyPath('guardian')}?as_of=3`);
    expect(standing.body).toMatchObject({ as_of: { version: 3 }, standing: { consecutive_successes: 1 } });
    const { body: page } = await app.send('GET', `/api/agent-metrics/leaderboard?as_of=${at}&around=guardian`);
    expect(page).toMatchObject({
      leaderboard: expect.arrayContaining([expect.objectContaining({ agent_type: 'guardian', total_tests: 1 })]),
    });
  });

  it.each(['0', '-1', '1.5', '', 'now', '2147483648', '2025-13-01T00:00:00Z', '1&as_of=2', '9999-01-01T00:00:00Z'])(
    'refuses %j',
    async (value) => {
      for (const path of [agentPath('guardian'), agentPath('guardian', 'custody'), custodyPath('guardian')]) {
        expectProblem(await app.send('GET', `${path}?as_of=${value}`), 'validation_failed', path, ['as_of']);
      }
    },
  );

  it('refuses a version in the leaderboard, and a period', async () => {
    const path = '/api/agent-metrics/leaderboard';
    expectProblem(await app.send('GET', `${path}?as_of=3`), 'validation_failed', path, ['as_of']);
    const query = 'as_of=2025-01-01T00:00:00Z';
    expectProblem(await app.send('GET', `${path}?${query}&period=day`), 'validation_failed', path, ['as_of']);
    expectProblem(await app.send('GET', `${path}?${query}&limit=101`), 'validation_failed', path, ['limit']);
    expect((await app.send('GET', `${path}?${query}`)).body).toMatchObject({ leaderboard: [], next_cursor: null });
  });

  it('is 404 before the agent existed, and for a version that it does not have', async () => {
    const path = agentPath('guardian');
    expectProblem(await app.send('GET', `${path}?as_of=2025-01-01T00:00:00Z`), 'agent_not_found', path);
    expectProblem(await app.send('GET', `${path}?as_of=5`), 'event_not_found', path);
    expectProblem(await app.send('GET', `${agentPath('nobody')}?as_of=1`), 'agent_not_found', agentPath('nobody'));
  });
});
