import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createCustodyTest,
  createFailedCustodyTest,
  createFullCustodyTest,
} from '../factories/custody-test.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { ISO_8601_UTC, metricsOf, rowOf, sent } from './support/read.js';

const CATEGORIES = [
  'knowledge_verification',
  'code_quality',
  'security_awareness',
  'performance_optimization',
  'innovation_capability',
  'self_improvement',
  'cross_ai_collaboration',
  'experimental_validation',
];

describe('recording a custody test', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const record = (agentType: string, body: object) => sent(app, 'POST', agentPath(agentType, 'custody-test'), body);

  it('has the documented request and response', async () => {
    await sent(app, 'PUT', agentPath('guardian'), {
      total_tests_given: 11,
      total_tests_passed: 9,
      total_tests_failed: 2,
      custody_xp: 325,
    });

    const answer = await app.send('POST', agentPath('guardian', 'custody-test'), {
      passed: true,
      score: 95,
      duration: 120,
      timestamp: '2025-01-25T10:00:00Z',
      xp_awarded: 25,
    });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      status: 'success',
      agent_type: 'guardian',
      message: 'Custody test result recorded successfully',
      updated_custody_metrics: { total_tests_given: 12, total_tests_passed: 10, custody_level: 3, custody_xp: 350 },
    });
  });

  it.each(['custody-test', 'custody-test/'])('creates the agent, and returns 200, at %s', async (below) => {
    const agentType = `created-by-${below.length}`;
    const answer = await app.send('POST', `${agentPath(agentType)}/${below}`, createCustodyTest());
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ agent_type: agentType, updated_custody_metrics: { total_tests_given: 1 } });
    expect(await rowOf(app, agentType)).toMatchObject({ total_tests_given: 1, agent_id: `${agentType}_agent` });
  });

  it('stores the result in the history as sent', async () => {
    await record('history', createFullCustodyTest());
    expect(await metricsOf(app, 'history')).toMatchObject({
      test_history: [
        {
          test_type: 'custody',
          passed: true,
          score: 95,
          duration: 120,
          timestamp: '2025-01-25T10:00:00.000Z',
          xp_awarded: 25,
          category: 'security_awareness',
          difficulty: 'intermediate',
        },
      ],
    });
  });

  it('defaults to the time of arrival, 10 XP and the current difficulty', async () => {
    await sent(app, 'PUT', agentPath('defaults'), { current_difficulty: 'expert' });
    const earliest = Date.now();
    await record('defaults', createCustodyTest());
    const latest = Date.now();

    const { test_history, last_test_date, custody_xp } = await metricsOf(app, 'defaults');
    expect(custody_xp).toBe(10);
    expect(test_history).toEqual([expect.objectContaining({ xp_awarded: 10, difficulty: 'expert' })]);
    expect(last_test_date).toMatch(ISO_8601_UTC);
    const time = Date.parse(last_test_date as string);
    expect(time).toBeGreaterThanOrEqual(earliest);
    expect(time).toBeLessThanOrEqual(latest);
  });

  it('updates counters, streaks, rates and times with each test', async () => {
    const at = (minute: number) => `2025-01-25T10:0${minute}:00.000Z`;
    const steps = [
      [createCustodyTest({ timestamp: at(0) }), { total_tests_passed: 1, consecutive_successes: 1, pass_rate: 1 }],
      [createCustodyTest({ timestamp: at(1) }), { total_tests_passed: 2, consecutive_successes: 2, pass_rate: 1 }],
      [
        createFailedCustodyTest({ timestamp: at(2) }),
        { total_tests_failed: 1, consecutive_successes: 0, consecutive_failures: 1, pass_rate: 2 / 3 },
      ],
      [
        createFailedCustodyTest({ timestamp: at(3) }),
        { total_tests_failed: 2, consecutive_failures: 2, pass_rate: 0.5, failure_rate: 0.5 },
      ],
      [
        createCustodyTest({ timestamp: at(4) }),
        { total_tests_passed: 3, consecutive_successes: 1, consecutive_failures: 0, failure_rate: 0.4 },
      ],
    ] as const;
    for (const [index, [body, expected]] of steps.entries()) {
      await record('steps', body);
      const metrics = await metricsOf(app, 'steps');
      expect(metrics).toMatchObject({ ...expected, total_tests_given: index + 1, last_test_date: at(index) });
      expect(metrics[body.passed ? 'last_success' : 'last_failure']).toBe(at(index));
    }
    expect(await metricsOf(app, 'steps')).toMatchObject({ last_success: at(4), last_failure: at(3), custody_xp: 30 });
  });

  it.each(CATEGORIES)('accepts the category %s', async (category) => {
    await record(category, createCustodyTest({ category }));
    expect(await metricsOf(app, category)).toMatchObject({ test_history: [{ category }] });
  });

  it.each([
    ['a score of 0', { score: 0 }],
    ['a score of 100', { score: 100 }],
    ['a score with decimals', { score: 99.95 }],
    ['a duration of 0', { duration: 0 }],
    ['a duration with decimals', { duration: 0.25 }],
    ['no XP', { xp_awarded: 0 }],
  ])('accepts %s', async (_case, overrides) => {
    await record('edges', createCustodyTest(overrides));
    const { test_history } = (await metricsOf(app, 'edges')) as { test_history: object[] };
    expect(test_history.at(-1)).toMatchObject(overrides);
  });
});
