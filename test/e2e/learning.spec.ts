import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLearning } from '../factories/learning.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { expectRefused } from './support/problem.js';
import { ISO_8601_UTC, metricsOf, rowOf, sent } from './support/read.js';

describe('recording learning', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const learn = (agentType: string, body: object) => sent(app, 'POST', agentPath(agentType, 'learning'), body);

  it.each(['learning', 'learning/'])('returns 200 with the changed values, at %s', async (below) => {
    const agentType = `answers-${below.length}`;
    const answer = await app.send('POST', `${agentPath(agentType)}/${below}`, createLearning());
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      status: 'success',
      agent_type: agentType,
      message: expect.any(String),
      updated_learning_metrics: {
        learning_score: 412.5,
        total_learning_cycles: 3,
        success_rate: 0.9,
        failure_rate: 0.1,
        xp: 50,
        level: 1,
      },
    });
    expect(await rowOf(app, agentType)).toMatchObject({ learning_score: 412.5, xp: 50 });
  });

  it('sets score and rates, adds cycles and XP, appends patterns and suggestions', async () => {
    await learn('twice', createLearning({ xp_awarded: 600 }));
    await learn(
      'twice',
      createLearning({
        learning_score: 100,
        success_rate: 0.25,
        failure_rate: 0.5,
        xp_awarded: 400,
        learning_patterns: [{ second: true }, null],
        improvement_suggestions: [],
      }),
    );
    const expected = {
      learning_score: 100,
      success_rate: 0.25,
      failure_rate: 0.5,
      total_learning_cycles: 6,
      xp: 1_000,
      level: 2,
      learning_patterns: ['retries hide races', { second: true }, null],
      improvement_suggestions: ['write the failing test first'],
    };
    expect(await metricsOf(app, 'twice')).toMatchObject(expected);
    expect(await rowOf(app, 'twice')).toMatchObject(expected);
  });

  it.each(Object.entries<unknown>({ ...createLearning() }))(
    'accepts %s alone and keeps the others',
    async (field, value) => {
      const agentType = `only-${field}`;
      await learn(agentType, { [field]: value });

      const expected = {
        learning_score: 0,
        success_rate: 0,
        failure_rate: 0,
        learning_patterns: [] as unknown[],
        improvement_suggestions: [] as unknown[],
        total_learning_cycles: field === 'learning_cycles' ? value : 0,
        xp: field === 'xp_awarded' ? value : 0,
        ...(field !== 'learning_cycles' && field !== 'xp_awarded' && { [field]: value }),
      };
      expect(await metricsOf(app, agentType)).toMatchObject(expected);
    },
  );

  it('accepts an empty report, and changes no number', async () => {
    await learn('empty', createLearning());
    const before = await metricsOf(app, 'empty');
    await learn('empty', {});
    expect(await metricsOf(app, 'empty')).toEqual({
      ...before,
      version: Number(before['version']) + 1,
      ledger_hash: expect.any(String),
      updated_at: expect.stringMatching(ISO_8601_UTC),
    });
  });

  it('returns the time of the last cycle', async () => {
    const earliest = Date.now();
    await learn('cycle', { learning_cycles: 1 });
    const { last_learning_cycle } = await metricsOf(app, 'cycle');
    expect(last_learning_cycle).toMatch(ISO_8601_UTC);
    expect(Date.parse(last_learning_cycle as string)).toBeGreaterThanOrEqual(earliest);
    expect(Date.parse(last_learning_cycle as string)).toBeLessThanOrEqual(Date.now());
  });

  it('does not lower a level that was set', async () => {
    await sent(app, 'PUT', agentPath('set-higher'), { level: 9 });
    await learn('set-higher', { xp_awarded: 1_000 });
    expect(await metricsOf(app, 'set-higher')).toMatchObject({ xp: 1_000, level: 9 });
  });

  it('does not change tests and custody', async () => {
    await learn('no-tests', createLearning({ xp_awarded: 1_000 }));
    expect(await metricsOf(app, 'no-tests')).toMatchObject({
      custody_xp: 0,
      custody_level: 1,
      total_tests_given: 0,
      pass_rate: 0,
    });
  });

  it.each([
    ['learning_score', -0.5],
    ['learning_score', 1_000_000_001],
    ['success_rate', 1.01],
    ['success_rate', -0.01],
    ['failure_rate', 95],
  ])('is refused if it sets %s to %d', async (field, value) => {
    const request = { method: 'POST', path: agentPath('guardian', 'learning'), body: { [field]: value } };
    await expectRefused(app, request, 'rule_violated', field);
  });

  it('is refused if the cycles exceed an integer', async () => {
    await sent(app, 'PUT', agentPath('full'), { total_learning_cycles: 2_147_483_647 });
    const request = { method: 'POST', path: agentPath('full', 'learning'), body: { learning_cycles: 1 } };
    await expectRefused(app, request, 'rule_violated', 'total_learning_cycles');
  });
});
