import { JSON_DEPTH_MAX, parseJson } from '../../common/index.js';
import { isExact } from './legacy-number.js';
import type { RepairRule } from './repair.js';

const NUL = '\u0000';
const REPLACEMENT = '\uFFFD';
/** Strings, which are skipped, and numbers. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Shorter numbers are exact. */
const LONG_NUMBER = /[\d.]{16}|\d[eE]/;

/** A JSON value that jsonb and the ledger can store, and the repairs it needed. */
export interface StorableJson {
  value: unknown;
  repairs: Set<RepairRule>;
}

/** Parses JSON of the legacy table. Invalid JSON is kept as text. */
export function parseLegacyJson(text: string): StorableJson {
  const repairs = new Set<RepairRule>();
  let found: unknown;
  try {
    found = parseJson(text);
  } catch {
    repairs.add('not_json');
    found = text;
  }
  if (!repairs.has('not_json') && hasInexactNumber(text)) repairs.add('json_number');
  return { value: toStorable(found, repairs, 0), repairs };
}

function hasInexactNumber(text: string): boolean {
  if (!LONG_NUMBER.test(text)) return false;
  return text.match(TOKEN)?.some((token) => !token.startsWith('"') && !isExact(token)) ?? false;
}

function toStorable(value: unknown, repairs: Set<RepairRule>, depth: number): unknown {
  if (typeof value === 'string') return toStorableText(value, repairs);
  if (typeof value === 'number') return toStorableNumber(value, repairs);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === JSON_DEPTH_MAX) {
    repairs.add('nested_too_deep');
    return toStorableText(stringify(value), repairs);
  }
  if (Array.isArray(value)) return value.map((item) => toStorable(item, repairs, depth + 1));
  // In the key order of canonical JSON, which makes hashing of the event cheaper. jsonb does not keep an order.
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, unknown] => [toStorableText(key, repairs), toStorable(item, repairs, depth + 1)])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function toStorableText(text: string, repairs: Set<RepairRule>): string {
  if (!text.includes(NUL) && text.isWellFormed()) return text;
  repairs.add('character');
  return text.replaceAll(NUL, REPLACEMENT).toWellFormed();
}

/** Converts Infinity, which JSON.parse returns for large numbers, to text, and -0 to 0. */
function toStorableNumber(number: number, repairs: Set<RepairRule>): unknown {
  if (Number.isFinite(number)) return number === 0 ? 0 : number;
  repairs.add('json_number');
  return String(number);
}

/** Returns a placeholder if the value is nested so deeply that the stack overflows. */
function stringify(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '…';
  }
}
