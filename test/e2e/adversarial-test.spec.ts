import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAdversarialTest, createFullAdversarialTest } from '../factories/adversarial-test.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { expectRefused } from './support/problem.js';
import { metricsOf, rowOf, sent } from './support/read.js';

describe('recording an adversarial test', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const record = (agentType: string, body: object) => sent(app, 'POST', agentPath(agentType, 'adversarial-test'), body);

  it.each(['adversarial-test', 'adversarial-test/'])('returns 200 with the changed values, at %s', async (below) => {
    const agentType = `answers-${below.length}`;
    const answer = await app.send('POST', `${agentPath(agentType)}/${below}`, createFullAdversarialTest());
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      status: 'success',
      agent_type: agentType,
      message: expect.any(String),
      updated_custody_metrics: {
        total_tests_given: 1,
        total_tests_passed: 1,
        adversarial_wins: 1,
        xp: 40,
        level: 1,
      },
    });
    expect(await rowOf(app, agentType)).toMatchObject({ total_tests_given: 1, xp: 40 });
  });

  it('marks the result in the history as adversarial, with the fields of the request', async () => {
    await record('history', createFullAdversarialTest());
    expect(await metricsOf(app, 'history')).toMatchObject({
      last_test_date: '2025-01-25T10:00:00.000Z',
      test_history: [
        {
          ...createFullAdversarialTest(),
          test_type: 'adversarial',
          passed: true,
          timestamp: '2025-01-25T10:00:00.000Z',
        },
      ],
    });
  });

  it.each([
    [70, true],
    [69.999, false],
    [100, true],
    [0, false],
  ])('with a score of %d is passed: %s', async (score, passed) => {
    const agentType = `score-${score}`;
    await record(agentType, createAdversarialTest({ score, is_winner: false, xp_awarded: 40 }));
    expect(await metricsOf(app, agentType)).toMatchObject({
      total_tests_given: 1,
      total_tests_passed: passed ? 1 : 0,
      total_tests_failed: passed ? 0 : 1,
      consecutive_successes: passed ? 1 : 0,
      consecutive_failures: passed ? 0 : 1,
      pass_rate: passed ? 1 : 0,
      failure_rate: passed ? 0 : 1,
      last_success: passed ? expect.any(String) : null,
      last_failure: passed ? null : expect.any(String),
      adversarial_wins: 0,
      xp: passed ? 40 : 0,
      test_history: [{ passed, score, test_type: 'adversarial' }],
    });
  });

  it('awards general XP, which raises the level, and no custody XP', async () => {
    await record('general', createAdversarialTest({ xp_awarded: 1_000 }));
    expect(await metricsOf(app, 'general')).toMatchObject({ xp: 1_000, level: 2, custody_xp: 0, custody_level: 1 });
  });

  it('counts a win, also of a test that failed', async () => {
    await record('winner', createAdversarialTest({ score: 30, is_winner: true }));
    await record('winner', createAdversarialTest({ is_winner: true }));
    await record('winner', createAdversarialTest({ is_winner: false }));
    expect(await metricsOf(app, 'winner')).toMatchObject({ adversarial_wins: 2, total_tests_passed: 2 });
  });

  it('counts in one row with custody tests', async () => {
    await record('both', createAdversarialTest());
    await sent(app, 'POST', agentPath('both', 'custody-test'), { passed: true, score: 80, duration: 1 });
    expect(await metricsOf(app, 'both')).toMatchObject({
      total_tests_given: 2,
      consecutive_successes: 2,
      test_history: [{ test_type: 'adversarial' }, { test_type: 'custody' }],
    });
  });

  it('that arrives late does not move the times backward', async () => {
    await record('late', createAdversarialTest({ timestamp: '2025-03-01T00:00:00.000Z' }));
    await record('late', createAdversarialTest({ timestamp: '2025-02-01T00:00:00.000Z' }));
    expect(await metricsOf(app, 'late')).toMatchObject({ last_test_date: '2025-03-01T00:00:00.000Z' });
  });

  it('that ends more than 5 minutes ahead of the clock is refused', async () => {
    const body = createAdversarialTest({ timestamp: new Date(Date.now() + 6 * 60_000).toISOString() });
    const path = agentPath('guardian', 'adversarial-test');
    await expectRefused(app, { method: 'POST', path, body }, 'rule_violated', 'timestamp');
  });
});
