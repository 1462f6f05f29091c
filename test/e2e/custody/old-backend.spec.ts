import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createAdversarialTest } from '../../factories/adversarial-test.factory.js';
import { createCustodyTest, createFailedCustodyTest } from '../../factories/custody-test.factory.js';
import { stopClock } from '../../support/stopped-clock.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, CUSTODY, custodyPath, LEADERBOARD } from '../support/paths.js';
import { type Json, sent } from '../support/read.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = new Date(Math.floor(Date.now() / 1_000) * 1_000);
const ago = (milliseconds: number) => new Date(NOW.getTime() - milliseconds).toISOString();
let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  const custodyTest = (agentType: string, body: object) =>
    sent(app, 'POST', agentPath(agentType, 'custody-test'), body);
  const passed = createCustodyTest({ score: 90, duration: 100, category: 'code_quality', xp_awarded: 60 });
  await custodyTest('guardian', { ...passed, timestamp: ago(9 * DAY) });
  await custodyTest('guardian', { ...passed, score: 80, duration: 200, timestamp: ago(DAY) });
  await custodyTest('guardian', { ...passed, difficulty: 'advanced', timestamp: ago(HOUR) });
  await sent(
    app,
    'POST',
    agentPath('sandbox', 'adversarial-test'),
    createAdversarialTest({ score: 75, timestamp: ago(HOUR), xp_awarded: 5 }),
  );
  for (let failures = 0; failures < 3; failures++) {
    await custodyTest('conquest', createFailedCustodyTest({ timestamp: ago(HOUR), category: 'code_quality' }));
  }
  await sent(app, 'PUT', agentPath('imperium'), { is_active: false, learning_score: 7.5 });
});
beforeEach(() => {
  stopClock(app.app, NOW);
});
afterAll(() => app.close());

/** What an old path answers in its envelope. */
async function dataOf(path: string, method = 'GET'): Promise<Json> {
  const { body } = await sent(app, method, `${CUSTODY}${path}`);
  expect(body).toEqual({ status: 'success', data: expect.any(Object), timestamp: NOW.toISOString() });
  return (body as { data: Json }).data;
}

const OVERALL = {
  total_tests_given: 7,
  total_tests_passed: 4,
  total_tests_failed: 3,
  overall_pass_rate: 4 / 7,
  active_ai_count: 3,
};
const RECOMMENDATIONS = [
  {
    ai_type: 'imperium',
    code: 'first_test',
    severity: 'info',
    message: 'imperium has taken no test yet and should take its first one.',
  },
  {
    ai_type: 'conquest',
    code: 'remedial_training',
    severity: 'critical',
    message: 'conquest has failed 3 tests in a row and needs remedial training.',
  },
  {
    ai_type: 'conquest',
    code: 'needs_improvement',
    severity: 'warning',
    message: 'conquest needs improvement: its pass rate is 0 % and should be at least 85 %.',
  },
];

describe("the old backend's", () => {
  it.each(['', '/'])('overview, at /api/custody%s', async (slash) => {
    expect(await dataOf(slash)).toEqual({
      message: expect.stringMatching(/\w/),
      analytics: await dataOf('/analytics'),
    });
  });

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

  it('test performance, of all tests that were recorded', async () => {
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
      recent_trends: expect.any(Array),
    });
    const { recent_trends } = test_performance as { recent_trends: { day: string; tests: number }[] };
    // An hour ago may be yesterday; nine days ago is too long ago.
    expect(recent_trends.reduce((sum, { tests }) => sum + tests, 0)).toBe(6);
    expect(recent_trends.map(({ day }) => day)).toEqual([...recent_trends.map(({ day }) => day)].sort());
    expect(recent_trends[0]).toEqual({
      day: ago(DAY).slice(0, 10),
      tests: expect.any(Number),
      passed: expect.any(Number),
      pass_rate: expect.any(Number),
      average_score: expect.any(Number),
      average_duration: expect.any(Number),
    });
  });

  it('test performance, whatever a PUT has put into a history', async () => {
    const { test_performance } = await dataOf('/analytics');
    await sent(app, 'PUT', agentPath('imperium'), {
      test_history: [{ passed: true, score: 'high', category: 'own', timestamp: 'yesterday' }, { note: 'nothing' }],
    });
    expect((await dataOf('/analytics'))['test_performance']).toEqual(test_performance);
    await sent(app, 'PUT', agentPath('imperium'), { test_history: [] });
  });

  it('live analytics', async () => {
    const live = await dataOf('/live-analytics');
    expect(live).toEqual({
      overall_metrics: OVERALL,
      ai_status: {
        imperium: expect.any(Object),
        guardian: expect.any(Object),
        sandbox: expect.any(Object),
        conquest: expect.any(Object),
      },
      next_cursor: null,
    });
    expect((live['ai_status'] as Record<string, Json>)['conquest']).toEqual({
      can_level_up: false,
      can_create_proposals: false,
      status: 'idle',
      is_active: true,
      current_difficulty: 'basic',
      custody_level: 1,
      custody_xp: 0,
      total_tests_given: 3,
      total_tests_passed: 0,
      total_tests_failed: 3,
      pass_rate: 0,
      consecutive_successes: 0,
      consecutive_failures: 3,
      last_test_date: ago(HOUR),
      next_test_at: ago(-HOUR),
      is_due: false,
      is_overdue: false,
    });
  });

  it('recommendations', async () => {
    expect(await dataOf('/recommendations')).toEqual({
      recommendations: RECOMMENDATIONS,
      total_recommendations: 3,
      priority_recommendations: RECOMMENDATIONS.slice(1),
      next_cursor: null,
    });
  });

  it('leaderboard, with the ranks and numbers of the successor', async () => {
    const { leaderboard, next_cursor } = (await sent(app, 'GET', `${LEADERBOARD}?limit=2`)).body as {
      leaderboard: Json[];
      next_cursor: string;
    };
    const old = leaderboard.map(({ agent_type, ...entry }) => ({ ai_type: agent_type, ...entry }));
    expect(await dataOf('/leaderboard?limit=2')).toEqual({ leaderboard: old, next_cursor });
    expect(await dataOf(`/leaderboard?cursor=${next_cursor}`)).toMatchObject({
      leaderboard: [{ rank: 3 }, { rank: 4 }],
      next_cursor: null,
    });
  });

  it('test categories', async () => {
    const data = await dataOf('/test-categories');
    expect(data).toEqual({
      categories: expect.any(Object),
      total_categories: 8,
      time_limits: { basic: 300, intermediate: 600, advanced: 900, expert: 1_200, master: 1_800, legendary: 3_600 },
      pass_mark: 70,
    });
    expect(data['categories']).toMatchObject({
      knowledge_verification: {
        description: expect.stringMatching(/\w/),
        ai_focus: ['imperium', 'all'],
        difficulty_focus: ['basic', 'intermediate'],
      },
      code_quality: { ai_focus: ['guardian', 'sandbox', 'conquest'] },
    });
  });

  it('test status', async () => {
    expect(await dataOf('/test/sandbox/status')).toEqual({
      ai_type: 'sandbox',
      can_level_up: false,
      can_create_proposals: true,
      total_tests_given: 1,
      total_tests_passed: 1,
      total_tests_failed: 0,
      pass_rate: 1,
      current_difficulty: 'basic',
      custody_level: 1,
      custody_xp: 0,
      consecutive_successes: 1,
      consecutive_failures: 0,
      last_test_date: ago(HOUR),
      test_history: [expect.objectContaining({ test_type: 'adversarial', score: 75 })],
    });
  });

  it('eligibility, with the requirements of the successor', async () => {
    const { body } = await sent(app, 'GET', custodyPath('sandbox', 'eligibility'));
    const { eligibility } = body as { eligibility: Record<'propose' | 'level_up', { requirements: Json[] }> };
    expect(await dataOf('/eligibility/sandbox')).toEqual({
      ai_type: 'sandbox',
      can_level_up: false,
      can_create_proposals: true,
      requirements: { level_up: eligibility.level_up.requirements, proposals: eligibility.propose.requirements },
      current_status: {
        total_tests_passed: 1,
        consecutive_failures: 0,
        custody_xp: 0,
        last_test_date: ago(HOUR),
        last_success: ago(HOUR),
        is_active: true,
      },
    });
  });

  it.each([
    [{ custody_level: 1, custody_xp: 0 }, 'basic', '1-9', 300, 'intermediate', 4_500],
    [{ custody_level: 12, custody_xp: 6_000 }, 'intermediate', '10-19', 600, 'advanced', 13_000],
    [{ custody_level: 50, custody_xp: 122_500 }, 'legendary', '50+', 3_600, 'legendary', null],
  ])('difficulty of an agent with %j', async (columns, current, level_range, time_limit, next, needed) => {
    await sent(app, 'PUT', agentPath('graded'), columns);
    expect(await dataOf('/difficulty/graded')).toEqual({
      ai_type: 'graded',
      current_difficulty: current,
      ...columns,
      requirements: { level_range, time_limit },
      next_difficulty: next,
      custody_xp_needed: needed,
    });
    await app.database.query("DELETE FROM agent_events WHERE agent_type = 'graded'");
    await app.database.query("DELETE FROM agent_metrics WHERE agent_type = 'graded'");
  });

  it('difficulty of an agent whose difficulty is none', async () => {
    await app.database.query(
      "INSERT INTO agent_metrics (agent_id, agent_type, current_difficulty) VALUES ('x', 'odd', 'nightmare')",
    );
    const data = await dataOf('/difficulty/odd');
    await app.database.query("DELETE FROM agent_metrics WHERE agent_type = 'odd'");
    expect(data).toMatchObject({ current_difficulty: 'nightmare', requirements: null });
  });

  it('reset', async () => {
    await sent(app, 'POST', agentPath('imperium', 'custody-test'), createCustodyTest());
    expect(await dataOf('/test/imperium/reset', 'POST')).toEqual({
      ai_type: 'imperium',
      message: expect.stringMatching(/\w/),
      total_tests_given: 0,
      total_tests_passed: 0,
      total_tests_failed: 0,
      pass_rate: 0,
      current_difficulty: 'basic',
      custody_level: 1,
      custody_xp: 0,
      consecutive_successes: 0,
      consecutive_failures: 0,
    });
  });

  it('lists have pages of agents', async () => {
    for (const path of ['/analytics', '/live-analytics', '/recommendations']) {
      const first = await dataOf(`${path}?limit=1`);
      expect(first['next_cursor']).toEqual(expect.any(String));
      await dataOf(`${path}?cursor=${String(first['next_cursor'])}`);
    }
    const { overall_metrics, ai_specific_metrics } = await dataOf('/analytics?limit=1');
    expect(overall_metrics).toMatchObject({ total_tests_given: 7 });
    expect(Object.keys(ai_specific_metrics as Json)).toEqual(['imperium']);
  });
});
