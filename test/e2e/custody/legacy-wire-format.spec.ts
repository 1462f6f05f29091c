import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { useRecentAdversarialTest } from '../support/old-backend.js';
import { sent } from '../support/read.js';

/** Fields that clients of the old backend read. A missing field, or one of another type, breaks them. */

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

const RESPONSES: Record<string, z.ZodType> = {
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
        // Without imperium, which is inactive.
        .length(3),
    }),
  ),
  '/recent-tests?limit=20': envelope(z.array(recentTest).length(8)),
  '/recent-adversarial-tests?limit=20': envelope(z.array(recentTest).length(2)),
};

const shared = useRecentAdversarialTest();

describe.each(['/api', ''])('below %j', (prefix) => {
  it.each(Object.entries(RESPONSES))('GET /custody%s has the fields that clients read', async (path, response) => {
    const { body } = await sent(shared.app, 'GET', `${prefix}/custody${path}`);
    expect(response.safeParse(body)).toMatchObject({ success: true });
  });

  it('GET /custody/ returns the same as without the slash', async () => {
    expect(await shared.read(`${prefix}/custody/`)).toEqual(await shared.read('/api/custody'));
  });

  it('GET /agent-metrics/leaderboard has both names of the agent type, and numbers', async () => {
    const { leaderboard } = await shared.read<{ leaderboard: object[] }>(`${prefix}/agent-metrics/leaderboard`);
    const entry = z.object({
      ai_type: z.string(),
      agent_type: z.string(),
      learning_score: z.number(),
      custody_xp: count,
      win_rate: ratio,
      recent_score: z.number(),
    });
    expect(z.array(entry).length(3).safeParse(leaderboard)).toMatchObject({ success: true });
  });
});
