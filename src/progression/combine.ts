import type { AgentState } from './agent-state.js';
import type { EventPayloads } from './events.js';
import { withImported } from './import.js';
import { custodyLevelForXp, followingDifficulty, raisedLevel } from './levels.js';
import { INTEGER_MAX } from './ranges.js';
import { countNewerTests, mergedHistory, newest, testRates } from './test-results.js';

/**
 * Returns the agent with another agent merged into it: counters and XP are added, levels follow from the XP, and results are
 * ordered by their times. Learning scores are those of the agent that learned last. Identity, status, priority,
 * `is_active`, capabilities and config are retained.
 */
export function combine(state: AgentState, merged: EventPayloads['merged']): AgentState {
  const source = withImported(state, merged.source.columns);
  const sum = (column: Counter): number => state[column] + source[column];
  const xp = Math.min(INTEGER_MAX, sum('xp'));
  const custody_xp = Math.min(INTEGER_MAX, sum('custody_xp'));
  const custody_level = Math.max(state.custody_level, source.custody_level, custodyLevelForXp(custody_xp));
  const counters = {
    total_tests_given: sum('total_tests_given'),
    total_tests_passed: sum('total_tests_passed'),
    total_tests_failed: sum('total_tests_failed'),
  };
  const learner = isLater(source.last_learning_cycle, state.last_learning_cycle) ? source : state;
  return {
    ...state,
    learning_score: learner.learning_score,
    success_rate: learner.success_rate,
    failure_rate: learner.failure_rate,
    ...(counters.total_tests_given > 0 ? testRates(counters) : {}),
    total_learning_cycles: sum('total_learning_cycles'),
    last_learning_cycle: latest(state, source, 'last_learning_cycle'),
    last_success: latest(state, source, 'last_success'),
    last_failure: latest(state, source, 'last_failure'),
    xp,
    level: raisedLevel(Math.max(state.level, source.level), xp),
    prestige: Math.max(state.prestige, source.prestige),
    current_difficulty: followingDifficulty(state, custody_level),
    ...counters,
    ...combinedStreaks(state, source),
    last_test_date: latest(state, source, 'last_test_date'),
    test_history: mergedHistory(source.test_history, state.test_history, merged.test_history_size),
    custody_level,
    custody_xp,
    adversarial_wins: sum('adversarial_wins'),
    learning_patterns: joined(source.learning_patterns, state.learning_patterns, merged.learning_patterns_size),
    improvement_suggestions: joined(
      source.improvement_suggestions,
      state.improvement_suggestions,
      merged.improvement_suggestions_size,
    ),
  };
}

type Counter =
  | 'total_learning_cycles'
  | 'xp'
  | 'total_tests_given'
  | 'total_tests_passed'
  | 'total_tests_failed'
  | 'custody_xp'
  | 'adversarial_wins';
type Time = 'last_learning_cycle' | 'last_success' | 'last_failure' | 'last_test_date';
type Streak = 'consecutive_successes' | 'consecutive_failures';

/** The items of the source, then those of the target, cut to the newest `size`. */
function joined(source: readonly unknown[], target: unknown[], size: number): unknown[] {
  return source.length === 0 ? target : newest([...source, ...target], size);
}

function latest(one: AgentState, other: AgentState, time: Time): Date | null {
  return isLater(other[time], one[time]) ? other[time] : one[time];
}

function isLater(time: Date | null, than: Date | null): boolean {
  return time !== null && (than === null || time > than);
}

/**
 * Streak of all tests in the order of their times. Exact if the history windows reach back to the newest test with the
 * other outcome; otherwise tests that are in neither window are not counted.
 */
function combinedStreaks(state: AgentState, source: AgentState): Pick<AgentState, Streak> {
  const byTime = isLater(source.last_test_date, state.last_test_date) ? [source, state] : [state, source];
  const latestTested = byTime.find((agent) => agent.consecutive_successes > 0 || agent.consecutive_failures > 0);
  const ofPasses = (latestTested?.consecutive_successes ?? 0) > 0;
  const [streak, end] = ofPasses
    ? (['consecutive_successes', 'last_failure'] as const)
    : (['consecutive_failures', 'last_success'] as const);
  const ended = latest(state, source, end);
  const count = (agent: AgentState): number =>
    ended === null || agent[end]?.getTime() === ended.getTime()
      ? agent[streak]
      : Math.min(agent[streak], countNewerTests(agent.test_history, ended));
  return { consecutive_successes: 0, consecutive_failures: 0, [streak]: count(state) + count(source) };
}
