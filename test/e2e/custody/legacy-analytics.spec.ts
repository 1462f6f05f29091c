import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { stopClock } from '../../support/stopped-clock.js';
import type { TestApp } from '../../support/test-app.js';
import { ago, DAY, dataOf as answered, HOUR, NOW, startWithTestedAgents } from '../support/old-backend.js';
import { agentPath } from '../support/paths.js';
import { type Json, sent } from '../support/read.js';

let app: TestApp;
beforeAll(async () => {
  app = await startWithTestedAgents();
});
beforeEach(() => {
  stopClock(app.app, NOW);
});
afterAll(() => app.close());

/** Content of the envelope of an old path. */
const dataOf = (path: string, method?: string): Promise<Json> => answered(app, path, method);

const OVERALL = {
  total_tests_given: 7,
  total_tests_passed: 4,
  total_tests_failed: 3,
  overall_pass_rate: 4 / 7,
  active_ai_count: 3,
};
const RECOMMENDATIONS = [
  'imperium has taken no test yet and should take its first one.',
  'conquest has failed 3 tests in a row and needs remedial training.',
  'conquest needs improvement: its pass rate is 0 % and should be at least 85 %.',
];

describe('the API of the old backend has', () => {
  it('analytics', async () => {
    const analytics = await dataOf('/analytics');
    expect(analytics).toEqual({
      overall_metrics: OVERALL,
      ai_specific_metrics: {
        imperium: expect.any(Object),
        guardian: expect.any(Object),
        sandbox: expect.any(Object),
        conquest: expect.any(Object),
      },
      test_performance: expect.any(Object),
      recommendations: RECOMMENDATIONS,
      next_cursor: null,
    });
    const { guardian, imperium } = analytics['ai_specific_metrics'] as Record<string, Json>;
    expect(guardian).toEqual({
      total_tests_given: 3,
      total_tests_passed: 3,
      total_tests_failed: 0,
      current_difficulty: 'basic',
      last_test_date: ago(HOUR),
      consecutive_successes: 3,
      consecutive_failures: 0,
      test_history: [expect.any(Object), expect.any(Object), expect.any(Object)],
      custody_level: 2,
      custody_xp: 180,
      level: 1,
      xp: 0,
      pass_rate: 1,
      failure_rate: 0,
      learning_score: 0,
      can_level_up: true,
      can_create_proposals: true,
    });
    expect(imperium).toMatchObject({ learning_score: 7.5, can_level_up: false, can_create_proposals: false });
  });

  it('test performance of all recorded tests', async () => {
    const { test_performance } = await dataOf('/analytics');
    expect(test_performance).toEqual({
      difficulty_distribution: { basic: 6, advanced: 1 },
      category_performance: {
        code_quality: {
          tests: 6,
          passed: 3,
          pass_rate: 0.5,
          average_score: (90 + 80 + 90 + 3 * 40) / 6,
          average_duration: (100 + 200 + 100 + 3 * 120) / 6,
        },
        uncategorized: expect.objectContaining({ tests: 1 }),
      },
      recent_trends: expect.any(Object),
    });
    const { recent_trends } = test_performance as { recent_trends: Record<string, { tests: number }> };
    const days = Object.keys(recent_trends);
    // An hour ago may be yesterday; nine days ago is too long ago.
    expect(Object.values(recent_trends).reduce((sum, { tests }) => sum + tests, 0)).toBe(6);
    expect(days).toEqual([...days].sort());
    expect(recent_trends[ago(DAY).slice(0, 10)]).toEqual({
      tests: expect.any(Number),
      passed: expect.any(Number),
      pass_rate: expect.any(Number),
      average_score: expect.any(Number),
      average_duration: expect.any(Number),
    });
  });

  it('test performance independent of histories set by PUT', async () => {
    const { test_performance } = await dataOf('/analytics');
    await sent(app, 'PUT', agentPath('imperium'), {
      test_history: [{ passed: true, score: 'high', category: 'own', timestamp: 'yesterday' }, { note: 'nothing' }],
    });
    expect((await dataOf('/analytics'))['test_performance']).toEqual(test_performance);
    await sent(app, 'PUT', agentPath('imperium'), { test_history: [] });
  });

  it('recommendations', async () => {
    expect(await dataOf('/recommendations')).toEqual({
      recommendations: RECOMMENDATIONS,
      total_recommendations: 3,
      priority_recommendations: RECOMMENDATIONS.slice(1),
      next_cursor: null,
    });
  });

  it('lists with pages of agents', async () => {
    for (const path of ['/analytics', '/recommendations']) {
      const first = await dataOf(`${path}?limit=1`);
      expect(first['next_cursor']).toEqual(expect.any(String));
      await dataOf(`${path}?cursor=${String(first['next_cursor'])}`);
    }
    const { overall_metrics, ai_specific_metrics } = await dataOf('/analytics?limit=1');
    expect(overall_metrics).toMatchObject({ total_tests_given: 7 });
    expect(Object.keys(ai_specific_metrics as Json)).toEqual(['imperium']);
  });
});
