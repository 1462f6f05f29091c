import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/test-service.js';

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
});
afterAll(() => test.close());

const RESULT = { passed: true, score: 95, duration: 120, xp_awarded: 100 };

describe('CustodyService, as other modules use it', () => {
  it('records a test in the transaction of its caller', async () => {
    const rolledBack = test.transactions.run(async (manager) => {
      await test.custody.recordTest('guardian', RESULT, { manager });
      throw new Error('changed my mind');
    });
    await expect(rolledBack).rejects.toThrow('changed my mind');
    expect((await test.custody.getStanding('guardian')).total_tests_given).toBe(0);

    await test.transactions.run((manager) => test.custody.recordTest('guardian', RESULT, { manager }));
    expect((await test.custody.getStanding('guardian')).total_tests_given).toBe(1);
  });

  it('records a test once per idempotency key', async () => {
    const first = await test.custody.recordTest('sandbox', RESULT, { idempotencyKey: 'run 7' });
    const again = await test.custody.recordTest('sandbox', RESULT, { idempotencyKey: 'run 7' });
    // The level rises only once.
    expect(first.level_ups).toEqual({ level: 0, custody_level: 1 });
    expect(again).toEqual({ ...first, replayed: true, level_ups: { level: 0, custody_level: 0 } });
    expect((await test.custody.getStanding('sandbox')).total_tests_given).toBe(1);
  });

  it('checks each gate separately, and both at once', async () => {
    const propose = await test.custody.checkProposalEligibility('guardian');
    const levelUp = await test.custody.checkLevelUpEligibility('guardian');
    expect([propose.eligible, levelUp.eligible]).toEqual([true, false]);
    const both = await test.custody.checkEligibilities('guardian');
    expect([both.propose.eligible, both.level_up.eligible]).toEqual([true, false]);
  });

  it('requireEligibility returns if the gate is open, and throws the unmet requirements otherwise', async () => {
    await expect(test.custody.requireEligibility('propose', 'guardian')).resolves.toBeUndefined();
    await expect(test.custody.requireEligibility('level-up', 'guardian')).rejects.toMatchObject({
      code: 'custody_requirements_unmet',
      message: 'The agent "guardian" cannot level up now. Unmet requirements: tests among the last 5.',
      options: { extensions: { requirements: [{ code: 'recent_tests', required: 3, actual: 1, met: false }] } },
    });
    await expect(test.custody.requireEligibility('propose', 'nobody')).rejects.toMatchObject({
      code: 'agent_not_found',
    });
  });

  it('returns recommendations for one agent, and for a page of agents', async () => {
    expect(await test.custody.getRecommendations('imperium')).toMatchObject([{ code: 'first_test' }]);
    const { items, next_cursor } = await test.custody.getAllRecommendations({ limit: 3 });
    expect(items.map(({ agent_type }) => agent_type)).toEqual(['imperium']);
    const second = await test.custody.getAllRecommendations({ limit: 3, cursor: next_cursor ?? '' });
    expect(second).toMatchObject({ items: [{ agent_type: 'conquest', code: 'first_test' }], next_cursor: null });
  });

  it('orders the recent tests by their end, not by their arrival', async () => {
    const late = { ...RESULT, passed: false, timestamp: new Date('2025-01-25T10:00:00Z') };
    for (const result of [RESULT, RESULT, RESULT, late]) await test.custody.recordTest('conquest', result);
    const { requirements } = await test.custody.checkLevelUpEligibility('conquest');
    expect(requirements).toMatchObject([
      { code: 'recent_tests', actual: 4 },
      { code: 'recent_pass_rate', actual: 0.75, met: false },
      { code: 'failure_streak', actual: 0 },
      { code: 'custody_xp', actual: 300 },
    ]);
    const schedule = await test.custody.getSchedule('conquest');
    expect(schedule.retry_at).toBeNull();
  });
});
