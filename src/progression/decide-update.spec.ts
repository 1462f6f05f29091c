import { describe, expect, it } from '@jest/globals';
import { createContext, stateAfter } from '../../test/factories/decision.factory.js';
import type { Command, CustodyTestResult, MetricsUpdate } from './commands.js';
import { decide } from './decide.js';

const test = (overrides: Partial<CustodyTestResult> = {}): Command => ({
  type: 'custody_test',
  data: { passed: true, score: 95, duration: 120, ...overrides },
});
const put = (data: MetricsUpdate): Command => ({ type: 'update', data });

const TESTED = { total_tests_given: 6, total_tests_passed: 4, total_tests_failed: 2 };

describe('a PUT', () => {
  it('accepts rounded rates and stores those computed from the counters', () => {
    expect(stateAfter([put({ ...TESTED, pass_rate: 0.67, failure_rate: 0.33 })])).toMatchObject({
      pass_rate: 4 / 6,
      failure_rate: 2 / 6,
    });
  });

  it('keeps the failure rate that learning reported while the counters stay', () => {
    const learned: Command = { type: 'learning', data: { failure_rate: 0.1 } };
    const agent = stateAfter([put(TESTED), learned]);
    const { pass_rate, failure_rate } = agent;
    expect(stateAfter([put(TESTED), learned, put({ ...TESTED, pass_rate, failure_rate })])).toMatchObject({
      failure_rate: 0.1,
    });
    expect(
      stateAfter([put(TESTED), learned, put({ ...TESTED, total_tests_given: 5, total_tests_failed: 1 })]),
    ).toMatchObject({
      failure_rate: 1 / 5,
    });
  });

  it('shortens a streak to a counter that it lowers', () => {
    const tested = put({ ...TESTED, consecutive_successes: 4 });
    const none = put({ total_tests_given: 0, total_tests_passed: 0, total_tests_failed: 0 });
    expect(stateAfter([tested, none])).toMatchObject({ consecutive_successes: 0, pass_rate: 0 });
  });

  it.each<[string, MetricsUpdate, object]>([
    ['the level from XP', { xp: 5_000 }, { level: 3 }],
    [
      'the custody level and difficulty from custody XP',
      { custody_xp: 4_500 },
      { custody_level: 10, current_difficulty: 'intermediate' },
    ],
    [
      'the difficulty from the custody level',
      { custody_level: 50 },
      { custody_xp: 0, current_difficulty: 'legendary' },
    ],
    ['nothing else from a difficulty', { current_difficulty: 'expert' }, { custody_level: 1 }],
    [
      'the rates from the counters',
      { total_tests_given: 4, total_tests_passed: 3, total_tests_failed: 1 },
      { pass_rate: 0.75, failure_rate: 0.25 },
    ],
    [
      'nothing where it names both',
      { xp: 5_000, level: 7, custody_xp: 4_500, custody_level: 2, current_difficulty: 'master' },
      { level: 7, custody_level: 2, current_difficulty: 'master' },
    ],
  ])('sets what it names, and %s follows', (_, data, follows) => {
    expect(stateAfter([put(data)])).toMatchObject({ ...data, ...follows });
  });

  it('never lowers the level by XP, and ends a streak by the other', () => {
    const state = stateAfter([
      put({ xp: 5_000, ...TESTED, consecutive_successes: 4 }),
      put({ xp: 0, consecutive_failures: 2 }),
    ]);
    expect(state).toMatchObject({ xp: 0, level: 3, consecutive_successes: 0, consecutive_failures: 2 });
  });

  it('keeps a difficulty that was set until the custody level changes', () => {
    const set = put({ current_difficulty: 'expert' });
    expect(stateAfter([set, test()])).toMatchObject({ current_difficulty: 'expert' });
    expect(stateAfter([set, test({ xp_awarded: 100 })])).toMatchObject({ current_difficulty: 'basic' });
  });

  it.each<[string, MetricsUpdate]>([
    ['total_tests_given', { total_tests_given: 5 }],
    ['pass_rate', { pass_rate: 1.01 }],
    ['success_rate', { success_rate: -0.01 }],
    ['level', { level: 0 }],
    ['custody_level', { custody_level: 0 }],
    ['xp', { xp: -1 }],
    ['xp', { xp: 1.5 }],
    ['learning_score', { learning_score: Number.POSITIVE_INFINITY }],
    ['consecutive_failures', { ...TESTED, consecutive_failures: 1, consecutive_successes: 1 }],
    ['consecutive_successes', { consecutive_successes: 50 }],
    ['consecutive_failures', { ...TESTED, consecutive_failures: 3 }],
    ['adversarial_wins', { ...TESTED, adversarial_wins: 100 }],
    ['pass_rate', { pass_rate: 0.9 }],
    ['pass_rate', { ...TESTED, pass_rate: 0.7 }],
    ['failure_rate', { ...TESTED, failure_rate: 0.5 }],
  ])('is refused when %s contradicts', (field, data) => {
    expect(decide(null, put(data), createContext()).rejected).toMatchObject({
      code: 'rule_violated',
      errors: [{ field }],
    });
  });

  it('cuts lists to their newest items', () => {
    const patterns = Array.from({ length: 130 }, (_, index) => index);
    const { learning_patterns } = stateAfter([put({ learning_patterns: patterns })]);
    expect(learning_patterns).toEqual(patterns.slice(30));
  });
});
