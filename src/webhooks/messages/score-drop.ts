import type { AgentState } from '../../progression/index.js';

/** When the pass rate of an agent has dropped. */
export interface ScoreDropRule {
  /** Number of tests in each of the two groups. */
  tests: number;
  /** Minimum decrease, a ratio. */
  drop: number;
}

/** Pass rates of the newest tests and of those before them, as ratios. */
export interface ScoreDrop {
  pass_rate: number;
  previous_pass_rate: number;
}

/** Rates are quotients of small integers: a smaller difference is an error of rounding. */
const ROUNDING = 1e-9;

/** Returns the pass rates if the newest tests are worse than those before; null if not, or if there are too few tests. */
export function findScoreDrop(
  { test_history }: Pick<AgentState, 'test_history'>,
  { tests, drop }: ScoreDropRule,
): ScoreDrop | null {
  const outcomes = test_history.map(({ passed }) => passed).filter((passed) => typeof passed === 'boolean');
  if (outcomes.length < 2 * tests) return null;
  const pass_rate = getPassRate(outcomes.slice(-tests));
  const previous_pass_rate = getPassRate(outcomes.slice(-2 * tests, -tests));
  return previous_pass_rate - pass_rate >= drop - ROUNDING ? { pass_rate, previous_pass_rate } : null;
}

function getPassRate(outcomes: readonly boolean[]): number {
  return outcomes.filter(Boolean).length / outcomes.length;
}
