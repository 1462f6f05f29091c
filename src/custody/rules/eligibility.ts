import type { AgentState } from '../../progression/index.js';
import { RECENT_TESTS, recentTests } from './recent-tests.js';
import { atLeast, atMost, isTrue, type Requirement, within } from './requirement.js';

/** What an agent may do only while it keeps passing tests. */
export type Gate = 'propose' | 'level-up';

/** Tests that an agent must have passed before it may propose. */
const LEAST_TESTS_PASSED = 1;
/** Tests that level-up needs before their pass rate says anything. */
const LEAST_RECENT_TESTS = 3;

/** The thresholds of the gates that an operator may set. */
export interface GateThresholds {
  propose: {
    /** Tests failed in a row, at most. */
    maxFailureStreak: number;
    /** How long ago a test may have been passed last. */
    passWindowMs: number;
  };
  levelUp: {
    /** Ratio 0–1 of the recent tests that must have been passed. */
    minPassRate: number;
    maxFailureStreak: number;
    minCustodyXp: number;
  };
}

/** What the gates look at. */
export type GatedAgent = Pick<
  AgentState,
  'total_tests_passed' | 'consecutive_failures' | 'last_success' | 'is_active' | 'custody_xp'
> & {
  /** Whether the newest tests were passed, at most RECENT_TESTS, oldest first. */
  recent_outcomes: readonly boolean[];
};

/** Whether an agent may pass a gate, and each requirement with what the agent has. */
export interface Eligibility {
  eligible: boolean;
  requirements: Requirement[];
}

/** The one rule of each gate: what enforces a gate and what explains it both ask here. */
export function eligibilityFor(gate: Gate, agent: GatedAgent, thresholds: GateThresholds, now: Date): Eligibility {
  const requirements = requirementsOf(gate, agent, thresholds, now);
  return { eligible: requirements.every(({ met }) => met), requirements };
}

function requirementsOf(gate: Gate, agent: GatedAgent, thresholds: GateThresholds, now: Date): Requirement[] {
  switch (gate) {
    case 'propose':
      return toPropose(agent, thresholds.propose, now);
    case 'level-up':
      return toLevelUp(agent, thresholds.levelUp);
  }
}

function toPropose(agent: GatedAgent, { maxFailureStreak, passWindowMs }: GateThresholds['propose'], now: Date) {
  const recentPass = { code: 'recent_pass', name: 'time since a test was last passed' } as const;
  return [
    atLeast({ code: 'tests_passed', name: 'tests passed' }, LEAST_TESTS_PASSED, agent.total_tests_passed, 'tests'),
    failureStreak(agent, maxFailureStreak),
    within(recentPass, passWindowMs, agent.last_success, now),
    isTrue({ code: 'active', name: 'takes part (is_active)' }, agent.is_active),
  ];
}

function toLevelUp(agent: GatedAgent, { minPassRate, maxFailureStreak, minCustodyXp }: GateThresholds['levelUp']) {
  const { tests, passRate } = recentTests(agent.recent_outcomes);
  const recent = { code: 'recent_tests', name: `tests among the last ${RECENT_TESTS}` } as const;
  const rate = { code: 'recent_pass_rate', name: `pass rate over the last ${RECENT_TESTS} tests` } as const;
  return [
    atLeast(recent, LEAST_RECENT_TESTS, tests, 'tests'),
    atLeast(rate, minPassRate, passRate, 'ratio'),
    failureStreak(agent, maxFailureStreak),
    atLeast({ code: 'custody_xp', name: 'custody XP' }, minCustodyXp, agent.custody_xp, 'XP'),
  ];
}

function failureStreak({ consecutive_failures }: GatedAgent, most: number): Requirement {
  return atMost({ code: 'failure_streak', name: 'tests failed in a row' }, most, consecutive_failures, 'tests');
}
