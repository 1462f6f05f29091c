/**
 * How long a cell runs before it is measured: connections open, and the first request of each is as slow as that. A
 * whole number, as pgbench takes no other.
 */
export const RAMP_SECONDS = 1;

/** Result of one run of a cell. */
export interface Sample {
  /** Requests (or pgbench's transactions) that succeeded in the measured time, a second. */
  perSecond: number;
  /** Half of them took at most this long, in milliseconds. */
  p50: number;
  /** 99 % of them did. */
  p99: number;
  /** All that succeeded, those of the ramp included. */
  acknowledged: number;
  /** Answers that were not 2xx. */
  refused: number;
  /** Requests without an answer: connections that broke, timeouts. */
  lost: number;
}

export type Outcomes = Pick<Sample, 'acknowledged' | 'refused' | 'lost'>;

/** @param latencies of what succeeded in the measured time, in milliseconds */
export function sampleOf(latencies: readonly number[], seconds: number, outcomes: Outcomes): Sample {
  const sorted = Float64Array.from(latencies).sort();
  return {
    perSecond: sorted.length / seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    ...outcomes,
  };
}

/** The middle of the rounds in each number; the outcomes of all rounds together. */
export function medianSample(rounds: readonly Sample[]): Sample {
  const middle = (key: keyof Sample) => median(rounds.map((round) => round[key]));
  const sum = (key: keyof Outcomes) => rounds.reduce((total, round) => total + round[key], 0);
  return {
    perSecond: middle('perSecond'),
    p50: middle('p50'),
    p99: middle('p99'),
    acknowledged: sum('acknowledged'),
    refused: sum('refused'),
    lost: sum('lost'),
  };
}

export function median(numbers: readonly number[]): number {
  const sorted = Float64Array.from(numbers).sort();
  return (percentile(sorted, 0.5) + at(sorted, Math.floor(sorted.length / 2))) / 2;
}

/** The least of the numbers that this share of them does not exceed. */
function percentile(sorted: Float64Array, share: number): number {
  return at(sorted, Math.ceil(sorted.length * share) - 1);
}

function at(sorted: Float64Array, index: number): number {
  return sorted[index] ?? NaN;
}
