import type { AgentState } from '../../progression/index.js';
import { difficultyOf, type GradedAgent } from './difficulty.js';
import type { Schedule } from './schedule.js';

/** A longer failure streak asks for remedial training. */
const TOLERATED_FAILURE_STREAK = 2;
/** A lower pass rate needs improvement. */
const GOOD_PASS_RATE = 0.85;
/** A longer success streak asks for harder tests. */
const EASY_SUCCESS_STREAK = 5;

/** From least to most urgent. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

export const RECOMMENDATION_CODES = [
  'first_test',
  'remedial_training',
  'needs_improvement',
  'overdue',
  'raise_difficulty',
] as const;
export type RecommendationCode = (typeof RECOMMENDATION_CODES)[number];

/** What should be done about an agent. */
export interface Recommendation {
  agent_type: string;
  code: RecommendationCode;
  severity: Severity;
  /** A sentence. */
  message: string;
}

/** What recommendations look at. */
export type AdvisedAgent = GradedAgent &
  Pick<
    AgentState,
    'agent_type' | 'total_tests_given' | 'consecutive_failures' | 'consecutive_successes' | 'pass_rate' | 'last_success'
  >;

/** All that apply, in the order in which RECOMMENDATION_CODES has them. */
export function recommendationsFor(agent: AdvisedAgent, schedule: Pick<Schedule, 'is_overdue'>): Recommendation[] {
  const { agent_type } = agent;
  const recommendations: Recommendation[] = [];
  const recommend = (code: RecommendationCode, severity: Severity, message: string) => {
    recommendations.push({ agent_type, code, severity, message: `${agent_type} ${message}` });
  };

  const { total_tests_given, consecutive_failures, consecutive_successes, pass_rate, last_success } = agent;
  if (total_tests_given === 0) recommend('first_test', 'info', 'has taken no test yet and should take its first one.');
  if (consecutive_failures > TOLERATED_FAILURE_STREAK) {
    recommend(
      'remedial_training',
      'critical',
      `has failed ${consecutive_failures} tests in a row and needs remedial training.`,
    );
  }
  // The rate of no tests at all is 0 and says nothing.
  if (total_tests_given > 0 && pass_rate < GOOD_PASS_RATE) {
    recommend(
      'needs_improvement',
      'warning',
      `needs improvement: its pass rate is ${percent(pass_rate)} and should be at least ${percent(GOOD_PASS_RATE)}.`,
    );
  }
  if (schedule.is_overdue) {
    const since = last_success ? `no test since ${last_success.toISOString()}` : 'no test so far';
    recommend('overdue', 'warning', `is overdue: it has passed ${since}.`);
  }
  const { next } = difficultyOf(agent);
  if (consecutive_successes > EASY_SUCCESS_STREAK && next) {
    recommend(
      'raise_difficulty',
      'info',
      `has passed ${consecutive_successes} tests in a row and should take harder ones, such as ${next.difficulty}.`,
    );
  }
  return recommendations;
}

/** In whole percent, rounded down, so that a rate just below a threshold doesn't look like it; 0.57 · 100 is below 57. */
function percent(ratio: number): string {
  return `${Math.floor(Number((ratio * 100).toFixed(6)))} %`;
}
