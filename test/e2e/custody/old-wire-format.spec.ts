import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createAdversarialTest } from '../../factories/adversarial-test.factory.js';
import { stopClock } from '../../support/stopped-clock.js';
import type { TestApp } from '../../support/test-app.js';
import { ago, NOW, startWithTestedAgents } from '../support/old-backend.js';
import { agentPath } from '../support/paths.js';
import { sent } from '../support/read.js';

/** What clients of the old backend read of each answer: a key that is missing or of another type breaks them. */

const time = z.iso.datetime();
const ratio = z.number().min(0).max(1);
const count = z.int().min(0);
const sentence = z.string().regex(/ /);
const historyEntry = z.record(z.string(), z.unknown());
const envelope = <Data extends z.ZodType>(data: Data) =>
  z.object({ status: z.literal('success'), data, timestamp: time });

const agentMetrics = z.object({
  custody_xp: count,
  custody_level: z.int().min(1),
  total_tests_given: count,
  total_tests_passed: count,
  total_tests_failed: count,
  pass_rate: ratio,
  can_level_up: z.boolean(),
  can_create_proposals: z.boolean(),
  level: z.int().min(1),
  learning_score: z.number(),
});
const analytics = z.object({
  overall_metrics: z.object({
    total_tests_given: count,
    total_tests_passed: count,
    total_tests_failed: count,
    overall_pass_rate: ratio,
    active_ai_count: count,
  }),
  ai_specific_metrics: z.record(z.string(), agentMetrics),
  test_performance: z.object({
    difficulty_distribution: z.record(z.string(), count),
    category_performance: z.record(z.string(), z.object({ tests: count, passed: count })),
    recent_trends: z.record(z.iso.date(), z.object({ tests: count, passed: count })),
  }),
  recommendations: z.array(sentence),
});
const recentTest = z.strictObject({
  ai_type: z.string(),
  test_type: z.enum(['custody', 'adversarial']),
  score: z.number(),
  passed: z.boolean(),
  timestamp: time,
  xp_awarded: count,
  scenario_domain: z.string(),
  scenario_complexity: z.string(),
  is_winner: z.boolean(),
});

const ANSWERS: Record<string, z.ZodType> = {
  '': z.object({
    status: z.literal('success'),
    message: sentence,
    timestamp: time,
    features: z.tuple([
      z.literal('rigorous_ai_testing'),
      z.literal('level_based_difficulty'),
      z.literal('proposal_eligibility_control'),
      z.literal('continuous_monitoring'),
      z.literal('self_improvement_tracking'),
      z.literal('cross_ai_collaboration_validation'),
    ]),
    analytics,
  }),
  '/analytics': envelope(analytics),
  '/test/guardian/status': envelope(
    agentMetrics.omit({ level: true, learning_score: true }).extend({
      ai_type: z.literal('guardian'),
      current_difficulty: z.literal('basic'),
      consecutive_successes: count,
      consecutive_failures: count,
      last_test_date: time,
      test_history: z.array(historyEntry).length(3),
    }),
  ),
  '/eligibility/guardian': envelope(
    z.object({
      ai_type: z.literal('guardian'),
      can_level_up: z.boolean(),
      can_create_proposals: z.boolean(),
      requirements: z.strictObject({
        level_up: z.strictObject({ recent_pass_rate: sentence, consecutive_failures: sentence, custody_xp: sentence }),
        proposals: z.strictObject({
          at_least_one_test_passed: sentence,
          consecutive_failures: sentence,
          recent_test: sentence,
        }),
      }),
      current_status: z.object({
        total_tests_passed: count,
        consecutive_failures: count,
        custody_xp: count,
        last_test_date: time,
      }),
    }),
  ),
  '/difficulty/guardian': envelope(
    z.object({
      current_difficulty: z.literal('basic'),
      custody_level: z.int(),
      requirements: z.object({ level_range: z.literal('1-9'), description: sentence }),
      next_difficulty: z.literal('intermediate'),
    }),
  ),
  '/test-categories': envelope(
    z.object({
      categories: z.record(
        z.string(),
        z.object({ description: sentence, ai_focus: z.array(z.string()), difficulty_focus: z.array(z.string()) }),
      ),
      total_categories: z.literal(8),
    }),
  ),
  '/recommendations': envelope(
    z.object({
      recommendations: z.array(sentence).nonempty(),
      total_recommendations: count,
      priority_recommendations: z.array(sentence).nonempty(),
    }),
  ),
  '/live-analytics': envelope(
    z.record(
      z.enum(['imperium', 'guardian', 'sandbox', 'conquest']),
      z.strictObject({
        level: z.int().min(1),
        xp: count,
        current_difficulty: z.string(),
        test_history: z.array(historyEntry),
        learning_patterns: z.array(z.unknown()),
        recent_results: z.array(historyEntry).max(5),
        win_rate: ratio,
      }),
    ),
  ),
  '/leaderboard': envelope(
    z.object({
      leaderboard: z
        .array(
          z.strictObject({
            ai_type: z.string(),
            level: z.int().min(1),
            xp: count,
            win_rate: ratio,
            recent_score: z.number().min(0).max(100),
          }),
        )
        .length(4),
    }),
  ),
  '/recent-tests?limit=20': envelope(z.array(recentTest).length(8)),
  '/recent-adversarial-tests?limit=20': envelope(z.array(recentTest).length(2)),
};

let app: TestApp;
beforeAll(async () => {
  app = await startWithTestedAgents();
  await sent(
    app,
    'POST',
    agentPath('conquest', 'adversarial-test'),
    createAdversarialTest({
      timestamp: ago(30_000),
      xp_awarded: 0,
      scenario_domain: 'security',
      scenario_complexity: 'high',
    }),
  );
});
beforeEach(() => {
  stopClock(app.app, NOW);
});
afterAll(() => app.close());

const read = async <Answer>(path: string): Promise<Answer> => (await sent(app, 'GET', path)).body as Answer;

describe.each(['/api', ''])('below %j', (prefix) => {
  it.each(Object.entries(ANSWERS))('GET /custody%s answers what old clients read', async (path, answer) => {
    const { body } = await sent(app, 'GET', `${prefix}/custody${path}`);
    expect(answer.safeParse(body)).toMatchObject({ success: true });
  });

  it('GET /custody/ answers as without the slash', async () => {
    expect(await read(`${prefix}/custody/`)).toEqual(await read('/api/custody'));
  });

  it('GET /agent-metrics/leaderboard names agents both ways, and has numbers only', async () => {
    const { leaderboard } = await read<{ leaderboard: object[] }>(`${prefix}/agent-metrics/leaderboard`);
    const entry = z.object({
      ai_type: z.string(),
      agent_type: z.string(),
      learning_score: z.number(),
      custody_xp: count,
      win_rate: ratio,
      recent_score: z.number(),
    });
    expect(z.array(entry).length(4).safeParse(leaderboard)).toMatchObject({ success: true });
  });
});

describe("the old backend's", () => {
  it('overview has the analytics at its top level', async () => {
    const { analytics: shown } = await read<{ analytics: object }>('/api/custody');
    expect({ data: shown }).toEqual({ data: (await read<{ data: object }>('/api/custody/analytics')).data });
  });

  it('requirements are made of the thresholds in force', async () => {
    const { data } = await read<{ data: { requirements: object } }>('/api/custody/eligibility/sandbox');
    expect(data.requirements).toEqual({
      level_up: {
        recent_pass_rate: 'At least 80 % of the last 5 tests passed, of at least 3 tests',
        consecutive_failures: 'At most 2 tests failed in a row',
        custody_xp: 'At least 100 custody XP',
      },
      proposals: {
        at_least_one_test_passed: 'At least 1 test passed',
        consecutive_failures: 'At most 3 tests failed in a row',
        recent_test: 'A test passed within the last 24 hours',
      },
    });
  });

  it('active agents are those that have taken a test', async () => {
    await sent(app, 'PUT', agentPath('guardian'), { is_active: false });
    const { data } = await read<{ data: { overall_metrics: object } }>('/api/custody/analytics');
    await sent(app, 'PUT', agentPath('guardian'), { is_active: true });
    expect(data.overall_metrics).toMatchObject({ active_ai_count: 3 });
  });

  it('leaderboard goes by level, then custody XP', async () => {
    await sent(app, 'PUT', agentPath('imperium'), { level: 3 });
    await sent(app, 'PUT', agentPath('sandbox'), { custody_xp: 181 });
    const { data } = await read<{ data: { leaderboard: object[] } }>('/api/custody/leaderboard');
    expect(data.leaderboard).toEqual([
      { ai_type: 'imperium', level: 3, xp: 0, win_rate: 0, recent_score: 0 },
      { ai_type: 'sandbox', level: 1, xp: 181, win_rate: 1, recent_score: 75 },
      { ai_type: 'guardian', level: 1, xp: 180, win_rate: 1, recent_score: 90 },
      { ai_type: 'conquest', level: 1, xp: 0, win_rate: 1 / 4, recent_score: 88 },
    ]);
  });

  it('leaderboard has pages, also between agents that are even', async () => {
    const agents: string[] = [];
    let cursor = '';
    do {
      const path = `/api/custody/leaderboard?limit=1${cursor}`;
      const { data } = await read<{ data: { leaderboard: { ai_type: string }[]; next_cursor: string | null } }>(path);
      agents.push(...data.leaderboard.map(({ ai_type }) => ai_type));
      cursor = data.next_cursor === null ? '' : `&cursor=${data.next_cursor}`;
    } while (cursor !== '');
    expect(agents).toEqual(['imperium', 'sandbox', 'guardian', 'conquest']);
  });

  it('recent tests are those of all agents by the time at which they ended, newest first', async () => {
    const { data } = await read<{ data: { ai_type: string; timestamp: string }[] }>('/api/custody/recent-tests');
    expect(data.map(({ timestamp }) => timestamp)).toEqual([
      ago(30_000),
      ...Array<string>(5).fill(ago(3_600_000)),
      ago(86_400_000),
      ago(9 * 86_400_000),
    ]);
    expect(data[0]).toEqual({
      ai_type: 'conquest',
      test_type: 'adversarial',
      score: 88,
      passed: true,
      timestamp: ago(30_000),
      xp_awarded: 0,
      scenario_domain: 'security',
      scenario_complexity: 'high',
      is_winner: true,
    });
    // Of the same moment the last one to arrive comes first.
    expect(data.slice(1, 6).map(({ ai_type }) => ai_type)).toEqual([
      ...['conquest', 'conquest', 'conquest'],
      ...['sandbox', 'guardian'],
    ]);
    expect((await read<{ data: object[] }>('/api/custody/recent-tests?limit=2')).data).toEqual(data.slice(0, 2));
  });

  it('recent adversarial tests are no others', async () => {
    const { data } = await read<{ data: { ai_type: string }[] }>('/api/custody/recent-adversarial-tests?limit=20');
    expect(data.map(({ ai_type }) => ai_type)).toEqual(['conquest', 'sandbox']);
  });

  it('lists ignore other parameters, as the old backend did', async () => {
    await read('/api/custody/recent-tests?limit=2&_=17');
    await read('/custody?x=1');
  });

  it.each([
    [1e300, 1, 'a'],
    [1, -1e300, 'a'],
    [2 ** 63, 0, 'a'],
    [-1, 0, 'a'],
    [1, 1, 1],
    [1, 1],
  ])('leaderboard refuses a cursor of %j, %j, %j', async (...key) => {
    const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
    expect((await app.send('GET', `/api/custody/leaderboard?cursor=${cursor}`)).status).toBe(400);
  });

  it.each(['0', '1001', '-1', 'ten', '1.5'])('recent tests are refused for ?limit=%s', async (limit) => {
    expect((await app.send('GET', `/api/custody/recent-tests?limit=${limit}`)).status).toBe(400);
  });

  it('reset says that it succeeded, and keeps recent tests', async () => {
    const { body } = await sent(app, 'POST', '/custody/test/conquest/reset');
    const answer = envelope(z.object({ status: z.literal('success'), message: sentence }));
    expect(answer.safeParse(body)).toMatchObject({ success: true });
    expect((await read<{ data: object[] }>('/api/custody/recent-tests')).data).toHaveLength(8);
  });

  it('live analytics show how many tests of the history were passed', async () => {
    await sent(app, 'PUT', agentPath('imperium'), {
      learning_patterns: ['a'],
      test_history: [
        { passed: true, score: 1 },
        ...[2, 3, 4, 5, 6].map((score) => ({ passed: false, score })),
        { x: 1 },
      ],
    });
    const { data } = await read<{ data: { imperium: object } }>('/custody/live-analytics');
    expect(data.imperium).toMatchObject({
      learning_patterns: ['a'],
      recent_results: [{ score: 3 }, { score: 4 }, { score: 5 }, { score: 6 }, { x: 1 }],
      win_rate: 1 / 7,
    });
  });
});

describe('the health', () => {
  it.each(['/health', '/api/health', '/health/ready'])('is at %s, without a key', async (path) => {
    expect(await read(path)).toEqual({ status: 'healthy', database: 'connected' });
  });
});
