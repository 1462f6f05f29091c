import { computeWilsonInterval, type Interval } from './wilson-interval.js';

/** Numbers of a group of judged tests. */
export interface Proportion {
  tests: number;
  passed: number;
}

/** Difference of two ratios, −1 to 1, and its interval. */
export interface Difference extends Interval {
  value: number;
}

/**
 * Difference of two pass rates with 95 % confidence, by Newcombe's method: the distances of each rate from the ends of its
 * Wilson interval are combined (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10). If the interval does not
 * contain 0, the rates differ. Assumes that the tests of the two groups are independent.
 *
 * @returns `group` minus `baseline`; null if either has no test
 */
export function computeDifference(group: Proportion, baseline: Proportion): Difference | null {
  const [one, other] = [group, baseline].map(({ tests, passed }) => computeWilsonInterval(passed, tests));
  if (!one || !other) return null;
  const [rate, baselineRate] = [group.passed / group.tests, baseline.passed / baseline.tests];
  const value = rate - baselineRate;
  return {
    value,
    low: Math.max(-1, value - Math.hypot(rate - one.low, other.high - baselineRate)),
    high: Math.min(1, value + Math.hypot(one.high - rate, baselineRate - other.low)),
  };
}
