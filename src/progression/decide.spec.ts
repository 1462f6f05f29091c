import { describe, expect, it } from '@jest/globals';
import { carryOut, createContext, NOW, stateAfter } from '../../test/factories/decision.factory.js';
import type { Command, CustodyTestResult, MetricsUpdate } from './commands.js';
import { decide, FUTURE_TOLERANCE_MS } from './decide.js';

const test = (overrides: Partial<CustodyTestResult> = {}): Command => ({
  type: 'custody_test',
  data: { passed: true, score: 95, duration: 120, ...overrides },
});
const put = (data: MetricsUpdate): Command => ({ type: 'update', data });

describe('a custody test', () => {
  it('counts, ends the other streak, awards XP and keeps the result', () => {
    const at = new Date('2025-12-31T00:00:00Z');
    const state = stateAfter([
      test({ passed: false, timestamp: at }),
      test({ xp_awarded: 25, category: 'code_quality' }),
    ]);
    expect(state).toMatchObject({
      version: 3,
      total_tests_given: 2,
      total_tests_passed: 1,
      total_tests_failed: 1,
      consecutive_successes: 1,
      consecutive_failures: 0,
      pass_rate: 0.5,
      failure_rate: 0.5,
      custody_xp: 25,
      last_failure: at,
      last_success: NOW,
      last_test_date: NOW,
    });
    expect(state.test_history).toEqual([
      {
        test_type: 'custody',
        passed: false,
        score: 95,
        duration: 120,
        timestamp: '2025-12-31T00:00:00.000Z',
        xp_awarded: 0,
        difficulty: 'basic',
      },
      {
        test_type: 'custody',
        passed: true,
        score: 95,
        duration: 120,
        timestamp: NOW.toISOString(),
        xp_awarded: 25,
        category: 'code_quality',
        difficulty: 'basic',
      },
    ]);
  });

  it('awards 10 XP by default, and none when failed', () => {
    expect(stateAfter([test()])).toMatchObject({ custody_xp: 10 });
    expect(stateAfter([test({ passed: false, xp_awarded: 25 })])).toMatchObject({ custody_xp: 0 });
  });

  it('raises custody level and difficulty at their thresholds', () => {
    expect(stateAfter([test({ xp_awarded: 99 })])).toMatchObject({ custody_level: 1 });
    expect(stateAfter([test({ xp_awarded: 100 })])).toMatchObject({ custody_level: 2, current_difficulty: 'basic' });
    expect(stateAfter([test({ xp_awarded: 4_500 })])).toMatchObject({
      custody_level: 10,
      current_difficulty: 'intermediate',
    });
  });

  it('does not lower a custody level that was set; a failed test does not raise it', () => {
    expect(stateAfter([put({ custody_level: 5 }), test()])).toMatchObject({ custody_level: 5 });
    const low = put({ custody_xp: 600, custody_level: 1 });
    expect(stateAfter([low, test({ passed: false })])).toMatchObject({ custody_level: 1 });
    expect(stateAfter([low, test()])).toMatchObject({ custody_level: 4 });
  });

  it('does not move the times of the agent backward when it arrives late', () => {
    const early = new Date('2025-01-01T00:00:00Z');
    expect(stateAfter([test(), test({ timestamp: early })])).toMatchObject({ last_success: NOW, last_test_date: NOW });
  });

  it.each([
    [FUTURE_TOLERANCE_MS, true],
    [FUTURE_TOLERANCE_MS + 1, false],
  ])('%i ms ahead of the clock is accepted: %s', (ahead, accepted) => {
    const decision = decide(null, test({ timestamp: new Date(NOW.getTime() + ahead) }), createContext());
    expect(decision.rejected === null).toBe(accepted);
  });

  it.each([
    ['score', { score: 100.5 }],
    ['score', { score: Number.NaN }],
    ['duration', { duration: -1 }],
    ['xp_awarded', { xp_awarded: 1.5 }],
    ['xp_awarded', { xp_awarded: 1_001 }],
  ])('names %s when that is out of range', (field, overrides) => {
    const { state } = carryOut([test()]);
    const { rules } = createContext();
    const { rejected } = decide(state, test(overrides), createContext({ rules: { ...rules, maxXpAwarded: 1_000 } }));
    expect(rejected).toMatchObject({ code: 'rule_violated', errors: [{ field }] });
  });

  it('at the maximum custody XP is recorded and adds none', () => {
    const most = put({ custody_xp: 2_147_483_647 });
    expect(stateAfter([most, test()])).toMatchObject({ custody_xp: 2_147_483_647, total_tests_passed: 1 });
  });
});

describe('an adversarial test', () => {
  const adversarial = (score: number, is_winner = false): Command => ({
    type: 'adversarial_test',
    data: { score, is_winner, xp_awarded: 1_000, scenario_domain: 'security' },
  });

  it('is passed at the pass mark, and awards general XP', () => {
    expect(stateAfter([adversarial(70, true)])).toMatchObject({
      total_tests_passed: 1,
      adversarial_wins: 1,
      xp: 1_000,
      level: 2,
      custody_xp: 0,
      test_history: [{ test_type: 'adversarial', passed: true, scenario_domain: 'security', is_winner: true }],
    });
    expect(stateAfter([adversarial(69.9)])).toMatchObject({ total_tests_failed: 1, adversarial_wins: 0, xp: 0 });
  });

  it('takes the pass mark from the settings', () => {
    const { rules } = createContext();
    const strict = createContext({ rules: { ...rules, passMark: 90 } });
    expect(stateAfter([adversarial(89)], strict)).toMatchObject({ total_tests_failed: 1 });
    expect(stateAfter([adversarial(90)], strict)).toMatchObject({ total_tests_passed: 1 });
  });
});

describe('learning', () => {
  it('sets, adds and appends', () => {
    const learn: Command = {
      type: 'learning',
      data: { learning_score: 5.5, learning_cycles: 2, xp_awarded: 600, success_rate: 0.5, learning_patterns: ['a'] },
    };
    expect(stateAfter([learn, learn])).toMatchObject({
      learning_score: 5.5,
      total_learning_cycles: 4,
      last_learning_cycle: NOW,
      xp: 1_200,
      level: 2,
      success_rate: 0.5,
      failure_rate: 0,
      learning_patterns: ['a', 'a'],
      improvement_suggestions: [],
    });
  });

  it('without a cycle leaves the time of the last one', () => {
    expect(stateAfter([{ type: 'learning', data: { learning_score: 1 } }])).toMatchObject({
      last_learning_cycle: null,
    });
  });
});

describe('custody XP', () => {
  it('can be subtracted, which can lower the level; minimum 0', () => {
    const change = (amount: number): Command => ({ type: 'custody_xp', data: { amount } });
    expect(stateAfter([{ type: 'create' }, change(300)])).toMatchObject({ custody_xp: 300, custody_level: 3 });
    expect(stateAfter([{ type: 'create' }, change(300), change(-250)])).toMatchObject({
      custody_xp: 50,
      custody_level: 1,
    });
    expect(stateAfter([{ type: 'create' }, change(-1)])).toMatchObject({ custody_xp: 0, custody_level: 1 });
  });
});

describe('agents that do not exist', () => {
  it.each<Command>([
    { type: 'reset' },
    { type: 'custody_reset' },
    { type: 'custody_xp', data: { amount: 1 } },
    { type: 'update', data: {}, mustExist: true },
  ])('are not created by $type', (command) => {
    expect(decide(null, command, createContext()).rejected).toEqual({ code: 'agent_not_found' });
  });

  it('are created with their defaults by the first write', () => {
    const { events } = carryOut([test()]);
    expect(events.map(({ type }) => type)).toEqual(['created', 'custody_test']);
    expect(stateAfter([{ type: 'create' }])).toMatchObject({ agent_id: 'guardian_agent', level: 1, status: 'idle' });
  });

  it('are not created with an invalid agent type', () => {
    const { rejected } = decide(null, test(), createContext({ agentType: 'leaderboard' }));
    expect(rejected).toEqual({ code: 'agent_type_invalid' });
  });
});

describe('a reset', () => {
  it('retains the identity only', () => {
    const before = stateAfter([put({ agent_id: 'g1', config: { a: 1 } }), test()]);
    const after = carryOut([{ type: 'reset' }], createContext(), before).state;
    const fresh = stateAfter([{ type: 'create' }]);
    expect(after).toEqual({ ...fresh, agent_id: 'g1', version: before.version + 1 });
  });
});

describe('a custody reset', () => {
  const everything = [
    put({ xp: 6_000, prestige: 2, custody_level: 30, learning_score: 12.5, status: 'active', success_rate: 0.5 }),
    { type: 'learning', data: { learning_cycles: 2, learning_patterns: ['a'] } },
    test({ passed: false, xp_awarded: 50 }),
    test({ xp_awarded: 50 }),
    { type: 'adversarial_test', data: { score: 90, is_winner: true } },
  ] satisfies Command[];

  it('resets all custody columns and retains the others', () => {
    const before = stateAfter(everything);
    const after = carryOut([{ type: 'custody_reset' }], createContext(), before).state;
    const fresh = stateAfter([{ type: 'create' }]);
    expect(after).toEqual({
      ...before,
      version: before.version + 1,
      pass_rate: fresh.pass_rate,
      failure_rate: fresh.failure_rate,
      last_success: null,
      last_failure: null,
      last_test_date: null,
      current_difficulty: 'basic',
      total_tests_given: 0,
      total_tests_passed: 0,
      total_tests_failed: 0,
      consecutive_successes: 0,
      consecutive_failures: 0,
      test_history: [],
      custody_level: 1,
      custody_xp: 0,
      adversarial_wins: 0,
    });
    expect(after).toMatchObject({ xp: 6_010, level: 3, prestige: 2, total_learning_cycles: 2, success_rate: 0.5 });
  });

  it('counts the next test as the first', () => {
    const { state } = carryOut([...everything, { type: 'custody_reset' }, test()]);
    expect(state).toMatchObject({ total_tests_given: 1, pass_rate: 1, custody_xp: 10, custody_level: 1 });
  });
});
