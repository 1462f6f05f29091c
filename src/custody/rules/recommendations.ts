import type { AgentState } from '../../progression/index.js';
import { toDifficultyStanding, type GradedAgent } from './difficulty.js';
import type { Schedule } from './schedule.js';

/** Longer failure streaks require remedial training. */
const MAX_FAILURE_STREAK = 2;
/** Lower pass rates need improvement. */
const MIN_PASS_RATE = 0.85;
/** Longer success streaks require harder tests. */
const MAX_SUCCESS_STREAK = 5;

/** In ascending order. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
/** Severity of a recommendation. */
export type Severity = (typeof SEVERITIES)[number];

export const RECOMMENDATION_CODES = [
  'first_test',
  'remedial_training',
  'needs_improvement',
  'overdue',
  'raise_difficulty',
] as const;
/** Machine-readable identifier of a recommendation. */
export type RecommendationCode = (typeof RECOMMENDATION_CODES)[number];

/** A recommended action for an agent. */
export interface Recommendation {
  agent_type: string;
  code: RecommendationCode;
  severity: Severity;
  /** The recommendation as a sentence. */
  message: string;
}

/** The columns that recommendations use. */
export type AdvisedAgent = GradedAgent &
  Pick<
    AgentState,
    'agent_type' | 'total_tests_given' | 'consecutive_failures' | 'consecutive_successes' | 'pass_rate' | 'last_success'
  >;

/** Returns all applicable recommendations, in the order of RECOMMENDATION_CODES. */
export function createRecommendations(agent: AdvisedAgent, schedule: Pick<Schedule, 'is_overdue'>): Recommendation[] {
  const { agent_type } = agent;
  const recommendations: Recommendation[] = [];
  const add = (code: RecommendationCode, severity: Severity, message: string) => {
    recommendations.push({ agent_type, code, severity, message: `${agent_type} ${message}` });
  };

  const { total_tests_given, consecutive_failures, consecutive_successes, pass_rate, last_success } = agent;
  if (total_tests_given === 0) add('first_test', 'info', 'has taken no test yet and should take its first one.');
  if (consecutive_failures > MAX_FAILURE_STREAK) {
    add(
      'remedial_training',
      'critical',
      `has failed ${consecutive_failures} tests in a row and needs remedial training.`,
    );
  }
  // Without tests the pass rate is 0.
  if (total_tests_given > 0 && pass_rate < MIN_PASS_RATE) {
    add(
      'needs_improvement',
      'warning',
      `needs improvement: its pass rate is ${formatPercent(pass_rate)} and should be at least ${formatPercent(MIN_PASS_RATE)}.`,
    );
  }
  if (schedule.is_overdue) {
    const since = last_success ? `no test since ${last_success.toISOString()}` : 'no test so far';
    add('overdue', 'warning', `is overdue: it has passed ${since}.`);
  }
  const { next } = toDifficultyStanding(agent);
  if (consecutive_successes > MAX_SUCCESS_STREAK && next) {
    add(
      'raise_difficulty',
      'info',
      `has passed ${consecutive_successes} tests in a row and should take harder ones, such as ${next.difficulty}.`,
    );
  }
  return recommendations;
}

/** Rounds down to whole percent, so that a rate below a threshold never equals it; toFixed corrects 0.57 · 100 < 57. */
function formatPercent(ratio: number): string {
  return `${Math.floor(Number((ratio * 100).toFixed(6)))} %`;
}
