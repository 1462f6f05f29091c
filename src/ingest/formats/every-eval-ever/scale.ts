import type { SkipCode } from '../../evaluation-case.js';
import { readNumber, toScore } from '../../quantities.js';
import { asArray, asRecord } from '../../values.js';

export type ScaledScore = { score: number } | { score: null; code: SkipCode; reason: string };

/** Converts a score to 0–100 by the least and the most value of its metric. */
export function scaleScore(value: unknown, metricConfig: unknown): ScaledScore {
  const config = asRecord(metricConfig);
  const number = readNumber(value);
  if (number === null || !Number.isFinite(number)) return no('no_score', 'the score is no number');
  if (config['has_unknown_level'] === true && number === -1) return no('unknown_level', 'the level is unknown');
  const { least, most } = boundsOf(config);
  if (!(Number.isFinite(least) && Number.isFinite(most) && least < most)) {
    return no('score_out_of_range', `the metric has no usable bounds (${least} to ${most})`);
  }
  if (number < least || number > most) {
    return no('score_out_of_range', `the score is ${number}, which is not between ${least} and ${most}`);
  }
  const fraction = (number - least) / (most - least);
  return { score: toScore(config['lower_is_better'] === true ? 1 - fraction : fraction) };
}

/** Bounds that the metric has; of levels, the numbers of the first and the last; else 0 and 1. */
function boundsOf(config: Readonly<Record<string, unknown>>): { least: number; most: number } {
  const levels = config['score_type'] === 'levels' ? asArray(config['level_names']).length : 0;
  return {
    least: readNumber(config['min_score']) ?? 0,
    most: readNumber(config['max_score']) ?? (levels > 1 ? levels - 1 : 1),
  };
}

function no(code: SkipCode, reason: string): ScaledScore {
  return { score: null, code, reason };
}
