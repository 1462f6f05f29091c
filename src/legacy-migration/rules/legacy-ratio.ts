import { numberIn } from './legacy-number.js';
import type { RepairRule } from './repair.js';

/** A ratio above 1 by no more than this is 1 with an error of rounding, and no percentage. */
const ROUNDING = 1e-6;
const PERCENT = 100;

/** A ratio 0–1 that was written as this text, and what had to be repaired; null when there is none. */
export function ratioIn(text: string): { ratio: number | null; why: RepairRule | null } {
  const number = numberIn(text);
  if (number === null) return { ratio: null, why: 'not_a_number' };
  if (number >= 0 && number <= 1) return { ratio: number + 0, why: null };
  if (number > 1 + ROUNDING && number <= PERCENT) return { ratio: number / PERCENT, why: 'percentage' };
  return { ratio: number < 0 ? 0 : 1, why: 'out_of_range' };
}
