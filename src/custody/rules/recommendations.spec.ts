import { describe, expect, it } from '@jest/globals';
import { createAgentState, later } from '../../../test/factories/agent-state.factory.js';
import type { AgentState } from '../../progression/agent-state.js';
import { RECOMMENDATION_CODES, createRecommendations } from './recommendations.js';

/** An agent without recommendations. */
const GOOD: Partial<AgentState> = { total_tests_given: 20, total_tests_passed: 18, pass_rate: 0.9 };
const recommend = (overrides: Partial<AgentState>, is_overdue = false) =>
  createRecommendations(createAgentState({ ...GOOD, ...overrides }), { is_overdue });
const codes = (...args: Parameters<typeof recommend>) => recommend(...args).map(({ code }) => code);

describe('createRecommendations', () => {
  it.each<[string, Partial<AgentState>, boolean, string[]]>([
    ['good metrics', {}, false, []],
    ['no test yet', { total_tests_given: 0, pass_rate: 0 }, false, ['first_test']],
    ['1 test', { total_tests_given: 1 }, false, []],
    ['a failure streak of 2', { consecutive_failures: 2 }, false, []],
    ['a failure streak of 3', { consecutive_failures: 3 }, false, ['remedial_training']],
    ['a pass rate of 0.85', { pass_rate: 0.85 }, false, []],
    ['a pass rate just below', { pass_rate: 0.8499999 }, false, ['needs_improvement']],
    ['a pass rate just above', { pass_rate: 0.8500001 }, false, []],
    ['a pass rate of 17/20', { pass_rate: 17 / 20 }, false, []],
    ['overdue', {}, true, ['overdue']],
    ['a success streak of 5', { consecutive_successes: 5 }, false, []],
    ['a success streak of 6', { consecutive_successes: 6 }, false, ['raise_difficulty']],
    [
      'a success streak at the highest difficulty',
      { consecutive_successes: 6, current_difficulty: 'legendary' },
      false,
      [],
    ],
    ['no test for a day', { total_tests_given: 0, pass_rate: 0 }, true, ['first_test', 'overdue']],
    [
      'failures and no pass',
      { consecutive_failures: 3, pass_rate: 0 },
      true,
      ['remedial_training', 'needs_improvement', 'overdue'],
    ],
  ])('with %s', (_case, overrides, isOverdue, expected) => {
    expect(codes(overrides, isOverdue)).toEqual(expected);
  });

  it('returns agent, code, severity and a sentence', () => {
    const last_success = later(-1_000);
    const all = [
      ...recommend({ total_tests_given: 0 }),
      ...recommend({ consecutive_failures: 4, pass_rate: 0.57 }),
      ...recommend({ last_success }, true),
      ...recommend({ consecutive_successes: 7 }),
    ];
    expect(all).toEqual([
      {
        agent_type: 'guardian',
        code: 'first_test',
        severity: 'info',
        message: 'guardian has taken no test yet and should take its first one.',
      },
      {
        agent_type: 'guardian',
        code: 'remedial_training',
        severity: 'critical',
        message: 'guardian has failed 4 tests in a row and needs remedial training.',
      },
      {
        agent_type: 'guardian',
        code: 'needs_improvement',
        severity: 'warning',
        message: 'guardian needs improvement: its pass rate is 57 % and should be at least 85 %.',
      },
      {
        agent_type: 'guardian',
        code: 'overdue',
        severity: 'warning',
        message: `guardian is overdue: it has passed no test since ${last_success.toISOString()}.`,
      },
      {
        agent_type: 'guardian',
        code: 'raise_difficulty',
        severity: 'info',
        message: 'guardian has passed 7 tests in a row and should take harder ones, such as intermediate.',
      },
    ]);
    expect(all.map(({ code }) => code)).toEqual(RECOMMENDATION_CODES);
  });

  it('rounds the pass rate down', () => {
    expect(recommend({ pass_rate: 0.84999 })[0]?.message).toContain('its pass rate is 84 %');
  });

  it('reports an agent that never passed a test', () => {
    expect(recommend({ last_success: null }, true)[0]?.message).toBe(
      'guardian is overdue: it has passed no test so far.',
    );
  });
});
