import type { AgentState } from './agent-state.js';
import type { MetricsUpdate } from './commands.js';
import { custodyLevelForXp, difficultyForCustodyLevel, levelForXp } from './levels.js';

/** The columns that follow from others, and are set by a rule unless an update names them. */
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

/** Tests passed and failed as ratios 0–1 of the tests given; 0 when none was given. */
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

/** Gaining XP raises the level and never lowers it. */
export function raisedLevel(level: number, xp: number): number {
  return Math.max(level, levelForXp(xp));
}

/** The difficulty follows the custody level when that changed, and stays otherwise. */
export function followingDifficulty(state: AgentState, custodyLevel: number): string {
  return custodyLevel === state.custody_level ? state.current_difficulty : difficultyForCustodyLevel(custodyLevel);
}

/** What follows from the columns that an update names, unless it names that too. */
export function following(state: AgentState, update: MetricsUpdate): Following {
  const follows: Following = {};
  if (update.xp !== undefined) follows.level = raisedLevel(state.level, update.xp);
  if (update.custody_xp !== undefined) follows.custody_level = custodyLevelForXp(update.custody_xp);
  follows.current_difficulty = followingDifficulty(
    state,
    update.custody_level ?? follows.custody_level ?? state.custody_level,
  );
  if (namesTestCounter(update)) Object.assign(follows, testRates({ ...state, ...update }));
  // The streaks exclude each other: one that is set ends the other.
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
 * What follows from the counters after an update, whatever it says of that. Rates are those of the counters; the failure rate
 * may also be what learning reported, as long as no counter changes. A streak that isn't named is at most its counter.
 *
 * @param next the agent with what the update names, and what follows from it
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
