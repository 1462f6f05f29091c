import type { AgentState } from './agent-state.js';
import type { MetricsUpdate } from './commands.js';
import { custodyLevelForXp, followingDifficulty, raisedLevel } from './levels.js';
import { testRates } from './test-results.js';

/** Derived columns: computed from other columns unless an update sets them. */
type Following = Partial<
  Pick<
    AgentState,
    | 'level'
    | 'custody_level'
    | 'current_difficulty'
    | 'pass_rate'
    | 'failure_rate'
    | 'consecutive_successes'
    | 'consecutive_failures'
  >
>;

/** Computes derived columns from the columns set by an update. Columns that the update sets take precedence. */
export function following(state: AgentState, update: MetricsUpdate): Following {
  const follows: Following = {};
  if (update.xp !== undefined) follows.level = raisedLevel(state.level, update.xp);
  if (update.custody_xp !== undefined) follows.custody_level = custodyLevelForXp(update.custody_xp);
  follows.current_difficulty = followingDifficulty(
    state,
    update.custody_level ?? follows.custody_level ?? state.custody_level,
  );
  if (namesTestCounter(update)) Object.assign(follows, testRates({ ...state, ...update }));
  // The streaks are mutually exclusive: setting one resets the other.
  if ((update.consecutive_successes ?? 0) > 0) follows.consecutive_failures = 0;
  if ((update.consecutive_failures ?? 0) > 0) follows.consecutive_successes = 0;
  return follows;
}

function namesTestCounter(update: MetricsUpdate): boolean {
  return (
    update.total_tests_given !== undefined ||
    update.total_tests_passed !== undefined ||
    update.total_tests_failed !== undefined
  );
}

type Derived = Pick<AgentState, 'pass_rate' | 'failure_rate' | 'consecutive_successes' | 'consecutive_failures'>;

/**
 * Computes the columns that an update cannot override: rates are computed from the counters. If no counter changes, the
 * failure rate may be that reported by learning. A streak that the update omits is limited to its counter.
 *
 * @param next the agent with the columns of the update and the derived columns applied
 */
export function derivedFrom(state: AgentState, next: AgentState, update: MetricsUpdate): Derived {
  const { consecutive_successes, consecutive_failures } = next;
  const rates = testRates(next);
  if (!changesTestCounter(state, next)) {
    const asksForRate = update.pass_rate !== undefined || namesTestCounter(update);
    return {
      pass_rate: asksForRate ? rates.pass_rate : state.pass_rate,
      failure_rate: update.failure_rate ?? state.failure_rate,
      consecutive_successes,
      consecutive_failures,
    };
  }
  const atMost = (named: number | undefined, streak: number, most: number) => named ?? Math.min(streak, most);
  return {
    ...rates,
    consecutive_successes: atMost(update.consecutive_successes, consecutive_successes, next.total_tests_passed),
    consecutive_failures: atMost(update.consecutive_failures, consecutive_failures, next.total_tests_failed),
  };
}

type Counted = Pick<AgentState, 'total_tests_given' | 'total_tests_passed' | 'total_tests_failed'>;

function changesTestCounter(state: Counted, next: Counted): boolean {
  return (
    next.total_tests_given !== state.total_tests_given ||
    next.total_tests_passed !== state.total_tests_passed ||
    next.total_tests_failed !== state.total_tests_failed
  );
}
