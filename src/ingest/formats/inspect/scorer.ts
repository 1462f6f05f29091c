import { asArray, asRecord, at, asText } from '../../values.js';
import type { InspectHeader, InspectSample } from './inspect-log.js';

/** Names that are collected. Samples have a few scorers. */
const NAMES_MAX = 1000;
/** Name of the scorer if a log of version 1 does not name it. */
const UNNAMED = 'score';

/** The score that is recorded. */
export interface ChosenScorer {
  name: string;
  /** Key of a map, or index of a list. Null: the value itself. */
  key: string | null;
}

/** Names of the scorers in the samples, in the order of their first use. */
export class ScorerNames {
  private readonly names = new Set<string>();

  add(sample: InspectSample): void {
    for (const name of Object.keys(asRecord(sample.scores))) {
      if (this.names.size < NAMES_MAX) this.names.add(name);
    }
  }

  list(): string[] {
    return [...this.names];
  }
}

/**
 * Chooses the scorer of a log: the option, else the first scorer of the log.
 *
 * @param used names of the scorers in the samples
 * @param option `NAME` or `NAME.KEY`; names may contain points
 */
export function chooseScorer(header: InspectHeader, used: readonly string[], option?: string): ChosenScorer {
  const declared = declaredScorers(header);
  if (option !== undefined) return parseOption(option, [...used, ...declared]);
  const name = declared.find((candidate) => used.includes(candidate)) ?? used[0] ?? declared[0] ?? UNNAMED;
  return { name, key: null };
}

function parseOption(option: string, names: readonly string[]): ChosenScorer {
  if (names.includes(option)) return { name: option, key: null };
  for (let point = option.lastIndexOf('.'); point > 0; point = option.lastIndexOf('.', point - 1)) {
    const name = option.slice(0, point);
    if (names.includes(name)) return { name, key: option.slice(point + 1) };
  }
  return { name: option, key: null };
}

/** Scorers that the header names, in order. Samples have the names without a package. */
function declaredScorers({ eval: spec, results }: InspectHeader): string[] {
  const names = [
    ...asArray(at(spec, 'scorers')).map((scorer) => asText(at(scorer, 'name'))),
    ...asArray(at(results, 'scores')).flatMap((score) => [asText(at(score, 'scorer')), asText(at(score, 'name'))]),
    asText(at(results, 'scorer', 'name')),
  ];
  return names.flatMap((name) => (name === null ? [] : [name, name.slice(name.lastIndexOf('/') + 1)]));
}

/** Scores of a sample by scorer, also of version 1. */
export function scoresOf(sample: InspectSample, chosen: ChosenScorer): Readonly<Record<string, unknown>> {
  if (sample.scores !== undefined && sample.scores !== null) return asRecord(sample.scores);
  return sample.score === undefined || sample.score === null ? {} : { [chosen.name]: sample.score };
}
