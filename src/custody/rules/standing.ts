import type { AgentState, Category } from '../../progression/index.js';
import { eligibilityFor, type GatedAgent, type GateThresholds } from './eligibility.js';
import { type AdvisedAgent, type Recommendation, recommendationsFor } from './recommendations.js';
import { type ScheduleDelays, type ScheduledAgent, scheduleOf } from './schedule.js';
import { focusOf } from './test-categories.js';

/** All that an operator may set of the custody protocol. */
export interface CustodyThresholds extends GateThresholds {
  schedule: ScheduleDelays;
}

/** The columns that a standing repeats. */
type ShownColumns = Pick<
  AgentState,
  | 'agent_type'
  | 'status'
  | 'is_active'
  | 'current_difficulty'
  | 'custody_level'
  | 'custody_xp'
  | 'total_tests_given'
  | 'total_tests_passed'
  | 'total_tests_failed'
  | 'pass_rate'
  | 'consecutive_successes'
  | 'consecutive_failures'
  | 'last_test_date'
>;

export type CustodyAgent = ShownColumns & GatedAgent & ScheduledAgent & AdvisedAgent;

/** Where an agent stands with custody: what it may do, what it is to do, and what should be done about it. */
export interface Standing extends ShownColumns {
  may_propose: boolean;
  may_level_up: boolean;
  /** When its next test is due; null before the first one, which is due at once. */
  next_test_at: Date | null;
  is_due: boolean;
  is_overdue: boolean;
  /** The categories that it is tested in above all. */
  focus: readonly Category[];
  recommendations: Recommendation[];
}

export function standingOf(agent: CustodyAgent, thresholds: CustodyThresholds, now: Date): Standing {
  const schedule = scheduleOf(agent, thresholds.schedule, now);
  return {
    agent_type: agent.agent_type,
    status: agent.status,
    is_active: agent.is_active,
    may_propose: eligibilityFor('propose', agent, thresholds, now).eligible,
    may_level_up: eligibilityFor('level-up', agent, thresholds, now).eligible,
    current_difficulty: agent.current_difficulty,
    custody_level: agent.custody_level,
    custody_xp: agent.custody_xp,
    total_tests_given: agent.total_tests_given,
    total_tests_passed: agent.total_tests_passed,
    total_tests_failed: agent.total_tests_failed,
    pass_rate: agent.pass_rate,
    consecutive_successes: agent.consecutive_successes,
    consecutive_failures: agent.consecutive_failures,
    last_test_date: agent.last_test_date,
    next_test_at: schedule.next_test_at,
    is_due: schedule.is_due,
    is_overdue: schedule.is_overdue,
    focus: focusOf(agent.agent_type),
    recommendations: recommendationsFor(agent, schedule),
  };
}
