import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createCustodyTest } from '../../factories/custody-test.factory.js';
import { stopClock } from '../../support/stopped-clock.js';
import type { TestApp } from '../../support/test-app.js';
import { ago, dataOf as answered, HOUR, NOW, startWithTestedAgents } from '../support/old-backend.js';
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

describe('the API of the old backend has', () => {
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
      requirements: { level_range, description: expect.stringContaining(level_range), time_limit },
      next_difficulty: next,
      custody_xp_needed: needed,
    });
    await app.database.query("DELETE FROM agent_events WHERE agent_type = 'graded'");
    await app.database.query("DELETE FROM agent_metrics WHERE agent_type = 'graded'");
  });

  it('difficulty of an agent with an unknown difficulty', async () => {
    await app.database.query(
      "INSERT INTO agent_metrics (agent_id, agent_type, current_difficulty) VALUES ('x', 'odd', 'nightmare')",
    );
    const data = await dataOf('/difficulty/odd');
    await app.database.query("DELETE FROM agent_metrics WHERE agent_type = 'odd'");
    expect(data).toMatchObject({
      current_difficulty: 'nightmare',
      requirements: { level_range: 'unknown', time_limit: null },
    });
  });

  it('reset', async () => {
    await sent(app, 'POST', agentPath('imperium', 'custody-test'), createCustodyTest());
    expect(await dataOf('/test/imperium/reset', 'POST')).toEqual({
      status: 'success',
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
});
