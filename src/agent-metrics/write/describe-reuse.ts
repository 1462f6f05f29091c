import type { Command } from '../../progression/index.js';

/** Values of a result that the event has as they were sent. */
const COMPARED = ['category', 'passed', 'is_winner', 'score', 'duration', 'difficulty', 'xp_awarded'];

/**
 * Describes how a result differs from the earlier result with the same id.
 *
 * @param earlier payload of the earlier event
 * @returns null if the values that are compared are equal
 */
export function describeReuse({ type, data }: { type: Command['type']; data?: object }, earlier = {}): string | null {
  if (type !== 'custody_test' && type !== 'adversarial_test') return null;
  const [before, now] = [earlier, data ?? {}] as Record<string, unknown>[];
  const differences = COMPARED.flatMap((field) => {
    const [old, given] = [before?.[field], now?.[field]];
    if (old === undefined || given === undefined || old === given) return [];
    return [`its ${field} was ${show(old)}, not ${show(given)}`];
  });
  return differences.length === 0 ? null : differences.join(', ');
}

function show(value: unknown): string {
  return JSON.stringify(value).slice(0, 100);
}
