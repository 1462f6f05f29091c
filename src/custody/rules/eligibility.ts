import type { AgentState } from '../../progression/index.js';
import { RECENT_TESTS, summarizeRecentTests } from './recent-tests.js';
import { atLeast, atMost, isTrue, type Requirement, within } from './requirement.js';

export const GATES = ['propose', 'level-up'] as const;
/** Action that requires passed tests. */
export type Gate = (typeof GATES)[number];

/** Minimum number of passed tests to propose. */
const MIN_TESTS_PASSED = 1;
/** Minimum number of recent tests to level up. */
const MIN_RECENT_TESTS = 3;

/** Thresholds of the gates (settings). */
export interface GateThresholds {
  propose: {
    /** Maximum number of consecutive failed tests. */
    maxFailureStreak: number;
    /** Maximum age of the last passed test. */
    passWindowMs: number;
  };
  levelUp: {
    /** Minimum pass rate of the recent tests, 0–1. */
    minPassRate: number;
    maxFailureStreak: number;
    minCustodyXp: number;
  };
}

/** The columns that the gates use. */
export type GatedAgent = Pick<
  AgentState,
  'total_tests_passed' | 'consecutive_failures' | 'last_success' | 'is_active' | 'custody_xp'
> & {
  /** Outcomes of the newest tests, at most RECENT_TESTS, oldest first. */
  recent_outcomes: readonly boolean[];
};

/** Whether an agent can pass a gate, with all requirements. */
export interface Eligibility {
  eligible: boolean;
  requirements: Requirement[];
}

/** Checks all requirements of a gate. Used to enforce a gate and to explain it. */
export function checkGate(gate: Gate, agent: GatedAgent, thresholds: GateThresholds, now: Date): Eligibility {
  const requirements = checkRequirements(gate, agent, thresholds, now);
  return { eligible: requirements.every(({ met }) => met), requirements };
}

function checkRequirements(gate: Gate, agent: GatedAgent, thresholds: GateThresholds, now: Date): Requirement[] {
  switch (gate) {
    case 'propose':
      return checkPropose(agent, thresholds.propose, now);
    case 'level-up':
      return checkLevelUp(agent, thresholds.levelUp);
  }
}

function checkPropose(agent: GatedAgent, { maxFailureStreak, passWindowMs }: GateThresholds['propose'], now: Date) {
  const recentPass = { code: 'recent_pass', name: 'time since a test was last passed' } as const;
  return [
    atLeast({ code: 'tests_passed', name: 'tests passed' }, MIN_TESTS_PASSED, agent.total_tests_passed, 'tests'),
    checkFailureStreak(agent, maxFailureStreak),
    within(recentPass, passWindowMs, agent.last_success, now),
    isTrue({ code: 'active', name: 'agent is active (is_active)' }, agent.is_active),
  ];
}

function checkLevelUp(agent: GatedAgent, { minPassRate, maxFailureStreak, minCustodyXp }: GateThresholds['levelUp']) {
  const { tests, passRate } = summarizeRecentTests(agent.recent_outcomes);
  const recent = { code: 'recent_tests', name: `tests among the last ${RECENT_TESTS}` } as const;
  const rate = { code: 'recent_pass_rate', name: `pass rate over the last ${RECENT_TESTS} tests` } as const;
  return [
    atLeast(recent, MIN_RECENT_TESTS, tests, 'tests'),
    atLeast(rate, minPassRate, passRate, 'ratio'),
    checkFailureStreak(agent, maxFailureStreak),
    atLeast({ code: 'custody_xp', name: 'custody XP' }, minCustodyXp, agent.custody_xp, 'XP'),
  ];
}

function checkFailureStreak({ consecutive_failures }: GatedAgent, limit: number): Requirement {
  return atMost({ code: 'failure_streak', name: 'tests failed in a row' }, limit, consecutive_failures, 'tests');
}
