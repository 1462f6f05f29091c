import type { SkipCode } from '../../evaluation-case.js';
import { readNumber, toScore } from '../../quantities.js';
import { isRecord } from '../../values.js';

/** Values of Inspect that stand for a number: correct, incorrect, partially correct, no answer. */
const LETTERS: Readonly<Record<string, number>> = { C: 1, I: 0, P: 0.5, N: 0 };
const WORDS: Readonly<Record<string, number>> = { true: 1, yes: 1, false: 0, no: 0 };

export type ReadScore = { score: number } | { score: null; code: SkipCode; reason: string };

/** Converts a value of a score to 0–100. */
export function readScoreValue(value: unknown): ReadScore {
  if (value === null || value === undefined) return no('no_score', 'the score is null');
  if (typeof value === 'object') return no('score_not_selected', describeParts(value));
  const number = toNumber(value);
  if (number === null) return no('score_not_a_number', `the score is ${show(value)}, which is no number`);
  if (!Number.isFinite(number)) return no('no_score', 'the score is NaN or infinite');
  if (number < 0 || number > 1) return no('score_out_of_range', `the score is ${number}, which is not between 0 and 1`);
  return { score: toScore(number) };
}

function toNumber(value: unknown): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') return readNumber(value);
  const lower = value.trim().toLowerCase();
  if (Object.hasOwn(LETTERS, value)) return LETTERS[value] ?? null;
  return Object.hasOwn(WORDS, lower) ? (WORDS[lower] ?? null) : readNumber(value);
}

function describeParts(value: object): string {
  const keys = Object.keys(value).slice(0, 10);
  const kind = isRecord(value) ? 'map' : 'list';
  return `the score is a ${kind}; choose a value with --scorer NAME.KEY (${kind === 'map' ? 'keys' : 'indexes'}: ${keys.join(', ')})`;
}

function show(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 50)) : String(value);
}

function no(code: SkipCode, reason: string): ReadScore {
  return { score: null, code, reason };
}
