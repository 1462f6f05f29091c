import { describe, expect, it } from '@jest/globals';
import {
  createAgentState,
  createHistory,
  later,
  withRecentOutcomes,
} from '../../../test/factories/agent-state.factory.js';
import { NOW } from '../../../test/factories/decision.factory.js';
import type { AgentState } from '../../progression/agent-state.js';
import { checkGate, type Gate, type GateThresholds } from './eligibility.js';

const HOUR = 3_600_000;
const THRESHOLDS: GateThresholds = {
  propose: { maxFailureStreak: 3, passWindowMs: 24 * HOUR },
  levelUp: { minPassRate: 0.8, maxFailureStreak: 2, minCustodyXp: 100 },
};
/** Agents that just pass each gate. */
const BARELY_ELIGIBLE: Record<Gate, Partial<AgentState>> = {
  propose: { total_tests_passed: 1, consecutive_failures: 3, last_success: later(-24 * HOUR), is_active: true },
  'level-up': { test_history: createHistory('-++++'), consecutive_failures: 2, custody_xp: 100 },
};

function ask(gate: Gate, overrides: Partial<AgentState> = {}, thresholds = THRESHOLDS) {
  const agent = withRecentOutcomes(createAgentState({ ...BARELY_ELIGIBLE[gate], ...overrides }));
  const { eligible, requirements } = checkGate(gate, agent, thresholds, NOW);
  return { eligible, unmet: requirements.filter(({ met }) => !met).map(({ code }) => code), requirements };
}

function requirement(gate: Gate, code: string, overrides: Partial<AgentState> = {}) {
  return ask(gate, overrides).requirements.find((each) => each.code === code);
}

describe('to propose', () => {
  it.each<[string, Partial<AgentState>, boolean, string[]]>([
    ['1 test passed', { total_tests_passed: 1 }, true, []],
    ['2 tests passed', { total_tests_passed: 2 }, true, []],
    ['no test passed', { total_tests_passed: 0 }, false, ['tests_passed']],
    ['a failure streak of 0', { consecutive_failures: 0 }, true, []],
    ['a failure streak of 2', { consecutive_failures: 2 }, true, []],
    ['a failure streak of 3', { consecutive_failures: 3 }, true, []],
    ['a failure streak of 4', { consecutive_failures: 4 }, false, ['failure_streak']],
    ['a pass now', { last_success: NOW }, true, []],
    ['a pass in the future', { last_success: later(5 * 60_000) }, true, []],
    ['a pass 1 ms less than 24 h ago', { last_success: later(1 - 24 * HOUR) }, true, []],
    ['a pass exactly 24 h ago', { last_success: later(-24 * HOUR) }, true, []],
    ['a pass 1 ms more than 24 h ago', { last_success: later(-1 - 24 * HOUR) }, false, ['recent_pass']],
    ['no pass', { last_success: null }, false, ['recent_pass']],
    ['is_active', { is_active: true }, true, []],
    ['not is_active', { is_active: false }, false, ['active']],
    ['a bad history', { test_history: createHistory('-----') }, true, []],
    ['no custody XP', { custody_xp: 0 }, true, []],
  ])('with %s', (_case, overrides, eligible, unmet) => {
    expect(ask('propose', overrides)).toMatchObject({ eligible, unmet });
  });

  it('a new agent does not meet tests_passed and recent_pass', () => {
    const { eligible, requirements } = checkGate('propose', withRecentOutcomes(createAgentState()), THRESHOLDS, NOW);
    expect(eligible).toBe(false);
    expect(requirements).toEqual([
      {
        code: 'tests_passed',
        name: 'tests passed',
        comparison: 'at_least',
        required: 1,
        actual: 0,
        unit: 'tests',
        met: false,
        until: null,
      },
      {
        code: 'failure_streak',
        name: 'tests failed in a row',
        comparison: 'at_most',
        required: 3,
        actual: 0,
        unit: 'tests',
        met: true,
        until: null,
      },
      {
        code: 'recent_pass',
        name: 'time since a test was last passed',
        comparison: 'at_most',
        required: 86_400,
        actual: null,
        unit: 'seconds',
        met: false,
        until: null,
      },
      {
        code: 'active',
        name: 'agent is active (is_active)',
        comparison: 'equal',
        required: true,
        actual: true,
        unit: null,
        met: true,
        until: null,
      },
    ]);
  });

  it.each([
    [-HOUR, 3_600, true, 23 * HOUR],
    [-24 * HOUR, 86_400, true, 0],
    [-1 - 24 * HOUR, 86_400.001, false, -1],
    [-48 * HOUR, 172_800, false, -24 * HOUR],
    [5_000, 0, true, 24 * HOUR + 5_000],
  ])('a pass %i ms from now is %d s old; met: %s, until %i ms from now', (at, actual, met, until) => {
    expect(requirement('propose', 'recent_pass', { last_success: later(at) })).toMatchObject({
      required: 86_400,
      actual,
      met,
      until: later(until),
    });
  });

  it('uses and returns the configured thresholds', () => {
    const propose = { maxFailureStreak: 0, passWindowMs: 1_500 };
    const { unmet, requirements } = ask(
      'propose',
      { consecutive_failures: 1, last_success: later(-1_500) },
      { ...THRESHOLDS, propose },
    );
    expect(unmet).toEqual(['failure_streak']);
    expect(requirements.map(({ required }) => required)).toEqual([1, 0, 1.5, true]);
  });
});

describe('to level up', () => {
  it.each<[string, Partial<AgentState>, boolean, string[]]>([
    ['4 of 5 passed', { test_history: createHistory('++-++') }, true, []],
    ['5 of 5 passed', { test_history: createHistory('+++++') }, true, []],
    ['3 of 5 passed', { test_history: createHistory('+-+-+') }, false, ['recent_pass_rate']],
    ['4 of 4 passed', { test_history: createHistory('++++') }, true, []],
    ['3 of 4 passed', { test_history: createHistory('+++-') }, false, ['recent_pass_rate']],
    ['3 of 3 passed', { test_history: createHistory('+++') }, true, []],
    ['2 of 3 passed', { test_history: createHistory('++-') }, false, ['recent_pass_rate']],
    ['2 of 2 passed', { test_history: createHistory('++') }, false, ['recent_tests']],
    ['1 of 1 passed', { test_history: createHistory('+') }, false, ['recent_tests']],
    ['no test', { test_history: [] }, false, ['recent_tests', 'recent_pass_rate']],
    ['older tests failed', { test_history: createHistory('------++-++') }, true, []],
    ['older tests passed', { test_history: createHistory('+++++++--++') }, false, ['recent_pass_rate']],
    ['a failure streak of 1', { consecutive_failures: 1 }, true, []],
    ['a failure streak of 2', { consecutive_failures: 2 }, true, []],
    ['a failure streak of 3', { consecutive_failures: 3 }, false, ['failure_streak']],
    ['99 custody XP', { custody_xp: 99 }, false, ['custody_xp']],
    ['100 custody XP', { custody_xp: 100 }, true, []],
    ['101 custody XP', { custody_xp: 101 }, true, []],
    ['no recent pass', { last_success: null }, true, []],
    ['not is_active', { is_active: false }, true, []],
  ])('with %s', (_case, overrides, eligible, unmet) => {
    expect(ask('level-up', overrides)).toMatchObject({ eligible, unmet });
  });

  it('returns the requirements in order, without a time limit', () => {
    expect(ask('level-up').requirements).toEqual([
      {
        code: 'recent_tests',
        name: 'tests among the last 5',
        comparison: 'at_least',
        required: 3,
        actual: 5,
        unit: 'tests',
        met: true,
        until: null,
      },
      {
        code: 'recent_pass_rate',
        name: 'pass rate over the last 5 tests',
        comparison: 'at_least',
        required: 0.8,
        actual: 0.8,
        unit: 'ratio',
        met: true,
        until: null,
      },
      {
        code: 'failure_streak',
        name: 'tests failed in a row',
        comparison: 'at_most',
        required: 2,
        actual: 2,
        unit: 'tests',
        met: true,
        until: null,
      },
      {
        code: 'custody_xp',
        name: 'custody XP',
        comparison: 'at_least',
        required: 100,
        actual: 100,
        unit: 'XP',
        met: true,
        until: null,
      },
    ]);
  });

  it('has no pass rate before the first test', () => {
    expect(requirement('level-up', 'recent_pass_rate', { test_history: [] })).toMatchObject({ actual: null });
  });

  it.each([
    [0.6, '+++--', true],
    [0.6, '++---', false],
    [1, '+++++', true],
    [1, '++++-', false],
    [0, '-----', true],
    [0.75, '+++-', true],
    [0.34, '+--', false],
  ])('at a threshold of %d, %s passes: %s', (minPassRate, outcomes, met) => {
    const thresholds = { ...THRESHOLDS, levelUp: { ...THRESHOLDS.levelUp, minPassRate } };
    const { requirements } = ask('level-up', { test_history: createHistory(outcomes) }, thresholds);
    expect(requirements[1]).toMatchObject({ required: minPassRate, met });
  });

  it('uses and returns the configured thresholds', () => {
    const levelUp = { minPassRate: 0.5, maxFailureStreak: 0, minCustodyXp: 101 };
    const { unmet, requirements } = ask('level-up', {}, { ...THRESHOLDS, levelUp });
    expect(unmet).toEqual(['failure_streak', 'custody_xp']);
    expect(requirements.map(({ required }) => required)).toEqual([3, 0.5, 0, 101]);
  });
});
