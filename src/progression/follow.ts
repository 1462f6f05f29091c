import type { AgentState } from './agent-state.js';
import type { MetricsUpdate } from './commands.js';
import { custodyLevelForXp, difficultyForCustodyLevel, levelForXp } from './levels.js';

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

/** Ratios 0–1 of tests passed and tests failed to tests given; 0 if no test was given. */
export function testRates(counters: {
  total_tests_given: number;
  total_tests_passed: number;
  total_tests_failed: number;
}): { pass_rate: number; failure_rate: number } {
  const given = counters.total_tests_given;
  return given === 0
    ? { pass_rate: 0, failure_rate: 0 }
    : { pass_rate: counters.total_tests_passed / given, failure_rate: counters.total_tests_failed / given };
}

/** Level after a change of XP; never lower than the current level. */
export function raisedLevel(level: number, xp: number): number {
  return Math.max(level, levelForXp(xp));
}

/** Difficulty for a custody level; unchanged if the custody level is unchanged. */
export function followingDifficulty(state: AgentState, custodyLevel: number): string {
  return custodyLevel === state.custody_level ? state.current_difficulty : difficultyForCustodyLevel(custodyLevel);
}

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
