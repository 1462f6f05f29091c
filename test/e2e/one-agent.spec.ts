import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFullCustodyTest } from '../factories/custody-test.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { expectProblem } from './support/problem.js';
import { toCustodyMetrics, ISO_8601_UTC, metricsOf, sent, UUID } from './support/read.js';

const DEFAULT_METRICS = {
  agent_id: 'guardian_agent',
  agent_type: 'guardian',
  learning_score: 0,
  success_rate: 0,
  failure_rate: 0,
  pass_rate: 0,
  total_learning_cycles: 0,
  last_learning_cycle: null,
  last_success: null,
  last_failure: null,
  xp: 0,
  level: 1,
  prestige: 0,
  current_difficulty: 'basic',
  total_tests_given: 0,
  total_tests_passed: 0,
  total_tests_failed: 0,
  consecutive_successes: 0,
  consecutive_failures: 0,
  last_test_date: null,
  test_history: [],
  custody_level: 1,
  custody_xp: 0,
  adversarial_wins: 0,
  learning_patterns: [],
  improvement_suggestions: [],
  status: 'idle',
  is_active: true,
  priority: 'medium',
  capabilities: null,
  config: null,
};

describe('one agent', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each(['', '/'])('is returned with its defaults (path ending with "%s")', async (ending) => {
    const answer = await app.send('GET', agentPath('guardian') + ending);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      status: 'success',
      agent_type: 'guardian',
      metrics: expect.objectContaining({
        ...DEFAULT_METRICS,
        id: expect.stringMatching(UUID),
        created_at: expect.stringMatching(ISO_8601_UTC),
        updated_at: expect.stringMatching(ISO_8601_UTC),
      }),
      timestamp: expect.stringMatching(ISO_8601_UTC),
    });
  });

  it('is returned with every column of the table', async () => {
    const columns = await app.database.query<{ column_name: string }>(
      "SELECT column_name FROM information_schema.columns WHERE table_name = 'agent_metrics'",
    );
    expect(Object.keys(await metricsOf(app, 'guardian')).sort()).toEqual(
      columns.map(({ column_name }) => column_name).sort(),
    );
  });

  it.each(['custody', 'custody/'])('is returned with its custody metrics at %s', async (below) => {
    const answer = await app.send('GET', `${agentPath('guardian')}/${below}`);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      status: 'success',
      agent_type: 'guardian',
      custody_metrics: {
        total_tests_given: 0,
        total_tests_passed: 0,
        total_tests_failed: 0,
        current_difficulty: 'basic',
        last_test_date: null,
        consecutive_successes: 0,
        consecutive_failures: 0,
        test_history: [],
        custody_level: 1,
        custody_xp: 0,
        level: 1,
        xp: 0,
        pass_rate: 0,
        failure_rate: 0,
      },
      timestamp: expect.stringMatching(ISO_8601_UTC),
    });
  });

  it('has the same numbers in its metrics and its custody metrics', async () => {
    await sent(app, 'POST', agentPath('guardian', 'custody-test'), createFullCustodyTest());
    const custody = await toCustodyMetrics(app, 'guardian');
    expect(custody['total_tests_given']).toBe(1);
    expect(await metricsOf(app, 'guardian')).toMatchObject(custody);
  });

  it('has its times in ISO 8601 and UTC', async () => {
    await sent(app, 'POST', agentPath('guardian', 'custody-test'), {
      ...createFullCustodyTest({ timestamp: '2025-06-01T14:30:15.250+05:30' }),
    });
    expect(await metricsOf(app, 'guardian')).toMatchObject({
      last_test_date: '2025-06-01T09:00:15.250Z',
      last_success: '2025-06-01T09:00:15.250Z',
    });
  });

  it.each(['nobody', 'Guardian', 'GUARDIAN'])('that does not exist (%s) is 404', async (agentType) => {
    for (const path of [agentPath(agentType), agentPath(agentType, 'custody')]) {
      expectProblem(await app.send('GET', path), 'agent_not_found', path);
    }
  });
});
