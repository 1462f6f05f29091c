import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { expectProblem, expectRefused } from './support/problem.js';
import { metricsOf, rowOf, sent } from './support/read.js';

const INTEGER_MAX = 2_147_483_647;

describe('adding and subtracting custody XP', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each(['custody-xp', 'custody-xp/'])('returns 200 with the changed values, at %s', async (below) => {
    const agentType = `answers-${below.length}`;
    await sent(app, 'PUT', agentPath(agentType), {});
    const answer = await app.send('POST', `${agentPath(agentType)}/${below}`, { amount: 4_500 });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      status: 'success',
      agent_type: agentType,
      message: expect.any(String),
      updated_custody_metrics: { custody_xp: 4_500, custody_level: 10, current_difficulty: 'intermediate' },
    });
    expect(await rowOf(app, agentType)).toMatchObject({ custody_xp: 4_500, custody_level: 10 });
  });

  it.each([
    ['adds', 350, 50, { custody_xp: 400, custody_level: 3 }],
    ['adds up to the next level', 299, 1, { custody_xp: 300, custody_level: 3 }],
    ['takes', 350, -40, { custody_xp: 310, custody_level: 3 }],
    ['lowers the level by taking', 350, -51, { custody_xp: 299, custody_level: 2 }],
    ['ends at 0 when more is taken than there is', 350, -351, { custody_xp: 0, custody_level: 1 }],
    ['ends at 0 when as much is taken as can be', 350, -INTEGER_MAX, { custody_xp: 0, custody_level: 1 }],
    ['ends at 0 when all is taken', 350, -350, { custody_xp: 0, custody_level: 1 }],
    ['lowers the difficulty with the level', 4_500, -1, { custody_level: 9, current_difficulty: 'basic' }],
    ['changes nothing by 0', 350, 0, { custody_xp: 350, custody_level: 3 }],
    ['reaches the largest integer', 350, INTEGER_MAX - 350, { custody_xp: INTEGER_MAX }],
  ])('%s', async (_rule, custody_xp, amount, expected) => {
    await sent(app, 'PUT', agentPath('guardian'), { custody_xp });
    await sent(app, 'POST', agentPath('guardian', 'custody-xp'), { amount });
    expect(await metricsOf(app, 'guardian')).toMatchObject(expected);
  });

  it('recomputes a custody level that was set', async () => {
    await sent(app, 'PUT', agentPath('by-hand'), { custody_level: 30 });
    await sent(app, 'POST', agentPath('by-hand', 'custody-xp'), { amount: 100 });
    expect(await metricsOf(app, 'by-hand')).toMatchObject({ custody_level: 2, current_difficulty: 'basic' });
  });

  it('does not change tests, general XP and level', async () => {
    await sent(app, 'PUT', agentPath('alone'), { xp: 1_200 });
    await sent(app, 'POST', agentPath('alone', 'custody-xp'), { amount: 5_000 });
    expect(await metricsOf(app, 'alone')).toMatchObject({
      xp: 1_200,
      level: 2,
      total_tests_given: 0,
      last_test_date: null,
      test_history: [],
    });
  });

  it('returns 404 for an agent that does not exist, and creates none', async () => {
    const request = { method: 'POST', path: agentPath('nobody', 'custody-xp'), body: { amount: 1 } };
    await expectRefused(app, request, 'agent_not_found');
    const path = agentPath('nobody');
    expectProblem(await app.send('GET', path), 'agent_not_found', path);
  });
});
