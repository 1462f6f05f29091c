import type { FeedEvent, LedgerEvent } from '../api/types.js';
import { formatInteger, toWords } from './numbers.js';

/** An event in a few words: `passed code quality with 93`, `custody xp`. */
export function describeEvent({ type, payload }: FeedEvent | LedgerEvent): string {
  const { passed, score, category, outcome } = payload;
  const subject = typeof category === 'string' ? toWords(category) : toWords(type);
  if (outcome === 'errored') return `errored ${subject}`;
  if (typeof passed !== 'boolean') return toWords(type);
  return `${passed ? 'passed' : 'failed'} ${subject}${typeof score === 'number' ? ` with ${formatInteger(score)}` : ''}`;
}
