import type { Interval } from '../api/types.js';

/** Normal quantile of the 95 % interval, as in the service. */
const Z = 1.959963984540054;

/** 95 % interval of a pass rate (Wilson); null without tests. */
export function wilsonInterval(passed: number, tests: number): Interval | null {
  if (tests === 0) return null;
  const rate = passed / tests;
  const spread = Z * Math.sqrt((rate * (1 - rate)) / tests + (Z * Z) / (4 * tests * tests));
  const center = rate + (Z * Z) / (2 * tests);
  const scale = 1 + (Z * Z) / tests;
  return { low: Math.max(0, (center - spread) / scale), high: Math.min(1, (center + spread) / scale) };
}
