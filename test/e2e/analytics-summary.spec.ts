import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, ANALYTICS, BULK_UPDATE } from './support/paths.js';
import { ISO_8601_UTC, sent } from './support/read.js';

interface Numbers {
  learning_score: number;
  total_learning_cycles: number;
  xp: number;
  level: number;
  total_tests_passed: number;
  total_tests_failed: number;
  adversarial_wins: number;
  custody_xp: number;
  custody_level: number;
  current_difficulty: string;
  is_active: boolean;
}

/** Numbers of an agent that differ from one index to the next. */
function createNumbers(index: number): Numbers {
  return {
    learning_score: index * 100.5,
    total_learning_cycles: index * 3,
    xp: index * 700,
    level: index + 1,
    total_tests_passed: index * 5,
    total_tests_failed: index,
    adversarial_wins: index % 2,
    custody_xp: index * 40,
    custody_level: index + 2,
    current_difficulty: index < 3 ? 'basic' : 'master',
    is_active: index !== 2,
  };
}

describe('the analytics summary', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it('is zero, not an error, if nothing was counted', async () => {
    const { body } = await app.send('GET', ANALYTICS);
    expect(body).toMatchObject({
      analytics: {
        total_agents: 4,
        overall_pass_rate: 0,
        average_learning_score: 0,
        agents_by_difficulty: { basic: 4 },
      },
    });
  });

  it.each([ANALYTICS, `${ANALYTICS}/`])('returns sums, averages and ratios over all agents at %s', async (path) => {
    const names = ['imperium', 'guardian', 'sandbox', 'conquest', 'newcomer'];
    const agents = names.map((_, index) => createNumbers(index));
    const updates = Object.fromEntries(
      agents.map((numbers, index) => [
        names[index] ?? '',
        { ...numbers, total_tests_given: numbers.total_tests_passed + numbers.total_tests_failed },
      ]),
    );
    await sent(app, 'POST', BULK_UPDATE, { updates });

    const sum = (of: (agent: Numbers) => number) => agents.reduce((total, agent) => total + of(agent), 0);
    const passed = sum(({ total_tests_passed }) => total_tests_passed);
    const failed = sum(({ total_tests_failed }) => total_tests_failed);
    const answer = await app.send('GET', path);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      status: 'success',
      analytics: {
        total_agents: 5,
        active_agents: 4,
        total_learning_score: sum(({ learning_score }) => learning_score),
        average_learning_score: sum(({ learning_score }) => learning_score) / 5,
        total_learning_cycles: sum(({ total_learning_cycles }) => total_learning_cycles),
        total_xp: sum(({ xp }) => xp),
        average_level: sum(({ level }) => level) / 5,
        total_tests_given: passed + failed,
        total_tests_passed: passed,
        total_tests_failed: failed,
        overall_pass_rate: passed / (passed + failed),
        total_adversarial_wins: sum(({ adversarial_wins }) => adversarial_wins),
        total_custody_xp: sum(({ custody_xp }) => custody_xp),
        average_custody_level: sum(({ custody_level }) => custody_level) / 5,
        agents_by_difficulty: { basic: 3, master: 2 },
        // Counters that an update sets are no tests.
        test_performance: {
          tests: 0,
          passed: 0,
          errored: 0,
          pass_rate: null,
          pass_rate_interval: null,
          average_score: null,
          average_duration: null,
          by_category: {},
          by_difficulty: {},
        },
      },
      timestamp: expect.stringMatching(ISO_8601_UTC),
    });
  });

  it('follows manual changes of rows', async () => {
    const analytics = async () => (await sent(app, 'GET', ANALYTICS)).body as { analytics: Record<string, unknown> };
    const { analytics: before } = await analytics();
    await app.database.query(`INSERT INTO agent_metrics (agent_id, agent_type, xp) VALUES ('a', 'by-hand', 70)`);
    await app.database.query(`UPDATE agent_metrics SET current_difficulty = 'own', is_active = false, level = 3
                               WHERE agent_type = 'by-hand'`);
    expect((await analytics()).analytics).toMatchObject({
      total_agents: 6,
      active_agents: before['active_agents'],
      total_xp: Number(before['total_xp']) + 70,
      agents_by_difficulty: { basic: 3, master: 2, own: 1 },
    });
    await app.database.query(`DELETE FROM agent_metrics WHERE agent_type = 'by-hand'`);
    expect((await analytics()).analytics).toEqual(before);
  });

  it('supports numbers smaller than their divisor', async () => {
    await sent(app, 'PUT', agentPath('tiny'), { learning_score: 5e-324 });
    await sent(app, 'POST', agentPath('tiny', 'custody-test'), { passed: true, score: 5e-324, duration: 5e-324 });
    await sent(app, 'POST', agentPath('tiny', 'custody-test'), { passed: true, score: 0, duration: 0 });
    await sent(app, 'GET', ANALYTICS);
    const { body } = await sent(app, 'GET', agentPath('tiny', 'analytics'));
    expect(body).toMatchObject({ test_performance: { tests: 2, average_score: 0, average_duration: 0 } });
    await app.database.query(`DELETE FROM agent_metrics WHERE agent_type = 'tiny'`);
    expect((await sent(app, 'GET', ANALYTICS)).body).toMatchObject({ analytics: { total_agents: 5 } });
  });

  it('is zero without agents', async () => {
    await app.database.query('TRUNCATE agent_metrics');
    expect((await app.send('GET', ANALYTICS)).body).toMatchObject({
      analytics: { total_agents: 0, average_level: 0, overall_pass_rate: 0, total_xp: 0, agents_by_difficulty: {} },
    });
  });
});
