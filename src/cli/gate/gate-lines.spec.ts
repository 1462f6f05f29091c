import { describe, expect, it } from '@jest/globals';
import { checkGate } from '../../custody/rules/eligibility.js';
import type { ShownEligibility, ShownRequirement } from './eligibility-document.js';
import { formatGate } from './gate-lines.js';

const NOW = new Date('2026-11-24T12:00:00Z');
const HOUR = 3_600_000;
const THRESHOLDS = {
  propose: { maxFailureStreak: 3, passWindowMs: 24 * HOUR },
  levelUp: { minPassRate: 0.8, maxFailureStreak: 2, minCustodyXp: 1_000 },
};

/** Eligibility as in a JSON document. */
function eligibilityOf(...[gate, agent]: Parameters<typeof checkGate>): ShownEligibility {
  const { eligible, requirements } = checkGate(gate, agent, THRESHOLDS, NOW);
  const shown = requirements.map((requirement): ShownRequirement => {
    return { ...requirement, until: requirement.until?.toISOString() ?? null };
  });
  return { eligible, requirements: shown };
}

const agent = {
  total_tests_passed: 0,
  consecutive_failures: 0,
  last_success: null as Date | null,
  is_active: true,
  custody_xp: 0,
  recent_outcomes: [] as boolean[],
};

describe('the lines for a gate', () => {
  it('name what an agent without tests misses', () => {
    expect(
      formatGate('scout', 'propose', eligibilityOf('propose', { ...agent, is_active: false }, THRESHOLDS, NOW)),
    ).toEqual([
      'scout cannot propose: 3 of 4 requirements are unmet.',
      '  UNMET  tests passed: 0 tests (required: at least 1 test; missing: 1 test)',
      '  met    tests failed in a row: 0 tests (required: at most 3 tests)',
      '  UNMET  time since a test was last passed: none (required: at most 1 d)',
      '  UNMET  agent is active (is_active): no (required: yes)',
    ]);
  });

  it('name the values of an agent that misses some requirements', () => {
    const failing = {
      ...agent,
      total_tests_passed: 2,
      consecutive_failures: 3,
      custody_xp: 1_200,
      recent_outcomes: [true, true, false, false, false],
      last_success: new Date(NOW.getTime() - 26.5 * HOUR),
    };
    expect(formatGate('scout', 'level-up', eligibilityOf('level-up', failing, THRESHOLDS, NOW))).toEqual([
      'scout cannot level up: 2 of 4 requirements are unmet.',
      '  met    tests among the last 5: 5 tests (required: at least 3 tests)',
      '  UNMET  pass rate over the last 5 tests: 40 % (required: at least 80 %; missing: 40 %)',
      '  UNMET  tests failed in a row: 3 tests (required: at most 2 tests; too many: 1 test)',
      '  met    custody XP: 1,200 XP (required: at least 1,000 XP)',
    ]);
    expect(formatGate('scout', 'propose', eligibilityOf('propose', failing, THRESHOLDS, NOW))).toEqual([
      'scout cannot propose: 1 of 4 requirements is unmet.',
      '  met    tests passed: 2 tests (required: at least 1 test)',
      '  met    tests failed in a row: 3 tests (required: at most 3 tests)',
      '  UNMET  time since a test was last passed: 1 d 2 h (required: at most 1 d; too long: 2 h 30 min; ended 2026-11-24T09:30:00.000Z)',
      '  met    agent is active (is_active): yes (required: yes)',
    ]);
  });

  it('say until when a requirement is met', () => {
    const passing = { ...agent, total_tests_passed: 1, last_success: new Date(NOW.getTime() - 61_000) };
    expect(formatGate('scout', 'propose', eligibilityOf('propose', passing, THRESHOLDS, NOW))).toEqual([
      'scout can propose.',
      '  met    tests passed: 1 test (required: at least 1 test)',
      '  met    tests failed in a row: 0 tests (required: at most 3 tests)',
      '  met    time since a test was last passed: 1 min 1 s (required: at most 1 d; until 2026-11-25T11:58:59.000Z)',
      '  met    agent is active (is_active): yes (required: yes)',
    ]);
  });

  it('contain no control characters of the service', () => {
    const requirement = {
      name: 'a\u001b[2Jb',
      comparison: 'equal',
      required: true,
      actual: true,
      unit: null,
      met: true,
      until: null,
    } as const;
    expect(formatGate('scout', 'propose', { eligible: true, requirements: [requirement] }).join('\n')).not.toContain(
      '\u001b',
    );
  });
});
