import type { AgentState, KnownCategory } from '../../progression/index.js';
import { checkGate, type GatedAgent, type GateThresholds } from './eligibility.js';
import { type AdvisedAgent, type Recommendation, createRecommendations } from './recommendations.js';
import { type ScheduleDelays, type ScheduledAgent, computeSchedule } from './schedule.js';
import { getFocus } from './test-categories.js';

/** Settings of the custody rules. */
export interface CustodyThresholds extends GateThresholds {
  schedule: ScheduleDelays;
}

/** Columns of the metrics row that a standing contains. */
type StandingColumns = Pick<
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

export type CustodyAgent = StandingColumns & GatedAgent & ScheduledAgent & AdvisedAgent;

/** Custody status of an agent: gates, schedule, focus and recommendations. */
export interface Standing extends StandingColumns {
  may_propose: boolean;
  may_level_up: boolean;
  /** Due time of the next test; null before the first test, which is due immediately. */
  next_test_at: Date | null;
  is_due: boolean;
  is_overdue: boolean;
  /** Categories that the agent is mainly tested in. */
  focus: readonly KnownCategory[];
  recommendations: Recommendation[];
}

export function computeStanding(agent: CustodyAgent, thresholds: CustodyThresholds, now: Date): Standing {
  const schedule = computeSchedule(agent, thresholds.schedule, now);
  return {
    agent_type: agent.agent_type,
    status: agent.status,
    is_active: agent.is_active,
    may_propose: checkGate('propose', agent, thresholds, now).eligible,
    may_level_up: checkGate('level-up', agent, thresholds, now).eligible,
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
    focus: getFocus(agent.agent_type),
    recommendations: createRecommendations(agent, schedule),
  };
}
