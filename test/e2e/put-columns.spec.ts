import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFullUpdate, SETTABLE_COLUMNS } from '../factories/metrics-update.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { metricsOf, rowOf, sent, UUID } from './support/read.js';

const ANSWERED_METRICS = [
  'version',
  'learning_score',
  'success_rate',
  'failure_rate',
  'pass_rate',
  'total_learning_cycles',
  'xp',
  'level',
  'prestige',
  'current_difficulty',
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'consecutive_successes',
  'consecutive_failures',
  'custody_level',
  'custody_xp',
  'adversarial_wins',
  'status',
  'is_active',
  'priority',
];

const TESTED = { total_tests_given: 10, total_tests_passed: 9, total_tests_failed: 1 };

/** Columns that cannot be set without the ones that they must add up with. */
const NEEDS: Record<string, object> = {
  total_tests_given: { total_tests_passed: 9, total_tests_failed: 1 },
  total_tests_passed: { total_tests_given: 10, total_tests_failed: 1 },
  total_tests_failed: { total_tests_given: 10, total_tests_passed: 9 },
  pass_rate: TESTED,
  failure_rate: TESTED,
  consecutive_successes: TESTED,
  consecutive_failures: TESTED,
  adversarial_wins: TESTED,
};

const ALL_AT_ONCE = createFullUpdate({ agent_id: 'all at once' });

describe('a PUT', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it('documents every writable column: all but id, agent_type, the times and derived columns', async () => {
    const kept = ['id', 'agent_type', 'version', 'ledger_hash'];
    const columns = await app.database.query<{ column_name: string; data_type: string }>(
      "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'agent_metrics'",
    );
    const settable = columns.filter(
      ({ column_name, data_type }) => !kept.includes(column_name) && !data_type.startsWith('timestamp'),
    );
    expect(settable.map(({ column_name }) => column_name).sort()).toEqual([...SETTABLE_COLUMNS].sort());
  });

  it('creates an agent with 201 and its defaults', async () => {
    const answer = await app.send('PUT', agentPath('newcomer'), {});

    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({ status: 'success', agent_type: 'newcomer', message: expect.any(String) });
    expect(await metricsOf(app, 'newcomer')).toMatchObject({
      id: expect.stringMatching(UUID),
      agent_id: 'newcomer_agent',
      level: 1,
      custody_level: 1,
      status: 'idle',
      is_active: true,
      priority: 'medium',
      test_history: [],
      config: null,
    });
  });

  it('updates an agent with 200 and returns its numbers', async () => {
    const answer = await app.send('PUT', agentPath('guardian'), createFullUpdate());

    expect(answer.status).toBe(200);
    const { updated_metrics, ...rest } = answer.body as { updated_metrics: object };
    expect(rest).toEqual({ status: 'success', agent_type: 'guardian', message: expect.any(String) });
    expect(Object.keys(updated_metrics).sort()).toEqual([...ANSWERED_METRICS].sort());
    expect(await metricsOf(app, 'guardian')).toMatchObject(updated_metrics);
  });

  it('can be repeated, and then changes nothing but version and time', async () => {
    const before = await metricsOf(app, 'guardian');
    expect((await app.send('PUT', agentPath('guardian'), createFullUpdate())).status).toBe(200);
    expect(await metricsOf(app, 'guardian')).toEqual({
      ...before,
      version: Number(before['version']) + 1,
      ledger_hash: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  it.each(SETTABLE_COLUMNS)('sets %s, as returned by GET and psql', async (column) => {
    const agentType = `sets-${column}`;
    const { [column]: value } = createFullUpdate({ agent_id: 'of its own' }) as Record<string, unknown>;
    await sent(app, 'PUT', agentPath(agentType), { ...NEEDS[column], [column]: value });

    expect(await metricsOf(app, agentType)).toMatchObject({ [column]: value });
    expect(await rowOf(app, agentType)).toMatchObject({ [column]: value });
  });

  it('sets all columns at once, also those derived from others', async () => {
    await sent(app, 'PUT', agentPath('all-at-once'), ALL_AT_ONCE);
    expect(await metricsOf(app, 'all-at-once')).toMatchObject(ALL_AT_ONCE);
    expect(await rowOf(app, 'all-at-once')).toMatchObject(ALL_AT_ONCE);
  });

  it('keeps other columns, and the identity of the agent', async () => {
    const before = await metricsOf(app, 'all-at-once');
    await sent(app, 'PUT', agentPath('all-at-once'), { status: 'paused' });
    expect(await metricsOf(app, 'all-at-once')).toEqual({
      ...before,
      status: 'paused',
      version: Number(before['version']) + 1,
      ledger_hash: expect.any(String),
      updated_at: expect.any(String),
    });
  });

  it.each(['capabilities', 'config'])('sets %s back to null', async (column) => {
    await sent(app, 'PUT', agentPath('all-at-once'), { [column]: null });
    expect(await metricsOf(app, 'all-at-once')).toMatchObject({ [column]: null });
    expect(await rowOf(app, 'all-at-once')).toMatchObject({ [column]: null });
  });

  it('resets the streak of failures and the lists', async () => {
    await sent(app, 'PUT', agentPath('all-at-once'), { consecutive_successes: 0, consecutive_failures: 1 });
    const empty = { test_history: [], learning_patterns: [], improvement_suggestions: [] };
    await sent(app, 'PUT', agentPath('all-at-once'), empty);
    const expected = { consecutive_successes: 0, consecutive_failures: 1, ...empty };
    expect(await metricsOf(app, 'all-at-once')).toMatchObject(expected);
    expect(await rowOf(app, 'all-at-once')).toMatchObject(expected);
  });

  it.each([
    ['-0 as 0', '{"xp": -0, "learning_score": -0.0}', { xp: 0, learning_score: 0 }],
    ['1e3 as 1000', '{"xp": 1e3}', { xp: 1_000 }],
    ['12.0 as 12', '{"xp": 12.0}', { xp: 12 }],
    ['the largest integer', '{"xp": 2147483647, "level": 2147483647}', { xp: 2_147_483_647, level: 2_147_483_647 }],
    ['a small fraction', '{"learning_score": 5e-324}', { learning_score: 5e-324 }],
    ['the largest learning score', '{"learning_score": 1000000000}', { learning_score: 1_000_000_000 }],
    ['all digits of a double', '{"learning_score": 0.30000000000000004}', { learning_score: 0.1 + 0.2 }],
  ])('accepts %s', async (_case, body, expected) => {
    expect((await app.send('PUT', agentPath('numbers'), body)).status).toBeLessThan(300);
    expect(await metricsOf(app, 'numbers')).toMatchObject(expected);
  });
});
