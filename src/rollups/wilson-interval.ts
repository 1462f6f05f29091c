/** Interval of a ratio, 0–1. */
export interface Interval {
  low: number;
  high: number;
}

/** Quantile of the standard normal distribution for a two-sided confidence of 95 %. */
const Z = 1.959963984540054;

/**
 * Wilson score interval of a ratio with 95 % confidence. Unlike the normal approximation, it is useful for few trials and
 * for ratios near 0 and 1.
 *
 * @param trials ≥ 0
 * @returns null without trials
 */
export function computeWilsonInterval(successes: number, trials: number): Interval | null {
  if (trials === 0) return null;
  const ratio = successes / trials;
  const scale = 1 + Z ** 2 / trials;
  const center = (ratio + Z ** 2 / (2 * trials)) / scale;
  const margin = (Z / scale) * Math.sqrt((ratio * (1 - ratio)) / trials + Z ** 2 / (4 * trials ** 2));
  // At the ends the interval contains the ratio exactly; rounding could exclude it.
  return {
    low: successes === 0 ? 0 : Math.max(0, center - margin),
    high: successes === trials ? 1 : Math.min(1, center + margin),
  };
}
