import type { SkipCode } from '../../evaluation-case.js';
import { readNumber, toScore } from '../../quantities.js';

/** Metrics in the order in which they are chosen, if no option names one. Then any other metric that is a number. */
export const METRICS = [
  ...['acc', 'exact_match', 'acc_norm', 'em', 'pass@1', 'pass_at_1', 'f1', 'mcc', 'prompt_level_strict_acc'],
  ...['prompt_level_loose_acc', 'contains', 'mc2', 'mc1'],
];
/** Metrics of which a lower value is better, or which are no fractions. */
const LOWER_IS_BETTER = /perplexity|bits_per_byte|brier|(?:^|_)(?:wer|cer|ter|loss|nll|loglikelihood)$/;

export const NO_FILTER = 'none';

export interface ChosenMetric {
  metric: string;
  filter: string | null;
}

/** Parses `METRIC` or `METRIC,FILTER`. */
export function parseMetric(option: string): ChosenMetric {
  const comma = option.lastIndexOf(',');
  if (comma < 0) return { metric: option, filter: null };
  return { metric: option.slice(0, comma), filter: option.slice(comma + 1) };
}

/** Chooses among the metrics that have a value. */
export function chooseMetric(available: readonly string[]): string | null {
  const known = METRICS.find((metric) => available.includes(metric));
  return known ?? available.find((metric) => !LOWER_IS_BETTER.test(metric)) ?? null;
}

export type ReadMetric = { score: number } | { score: null; code: SkipCode; reason: string };

/** Converts the value of a metric to 0–100. */
export function readMetric(metric: string, value: unknown, lowerIsBetter = LOWER_IS_BETTER.test(metric)): ReadMetric {
  const no = (code: SkipCode, problem: string): ReadMetric => ({ score: null, code, reason: `${metric} ${problem}` });
  if (value === null || value === undefined || value === 'N/A') return no('no_score', 'is null');
  const number = typeof value === 'boolean' ? Number(value) : readNumber(value);
  if (number === null) return no('score_not_a_number', 'is no number');
  if (!Number.isFinite(number)) return no('no_score', 'is NaN or infinite');
  if (lowerIsBetter) return no('lower_is_better', 'is better if lower, and no score');
  if (number < 0 || number > 1) return no('score_out_of_range', `is ${number}, which is not between 0 and 1`);
  return { score: toScore(number) };
}
