import { parseNumber } from './legacy-number.js';
import type { RepairRule } from './repair.js';

/** Tolerance above 1 for rounding errors. Higher values are percentages. */
const ROUNDING = 1e-6;
const PERCENT = 100;

/** Parses a ratio 0–1, with the repair it needs; null if the text is not a number. */
export function parseRatio(text: string): { ratio: number | null; why: RepairRule | null } {
  const number = parseNumber(text);
  if (number === null) return { ratio: null, why: 'not_a_number' };
  if (number >= 0 && number <= 1) return { ratio: number + 0, why: null };
  if (number > 1 + ROUNDING && number <= PERCENT) return { ratio: number / PERCENT, why: 'percentage' };
  return { ratio: number < 0 ? 0 : 1, why: 'out_of_range' };
}
