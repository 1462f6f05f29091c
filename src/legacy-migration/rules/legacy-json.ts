import { JSON_DEPTH_MAX, parseJson } from '../../common/index.js';
import { isExact } from './legacy-number.js';
import type { RepairRule } from './repair.js';

const NUL = '\u0000';
const REPLACEMENT = '\uFFFD';
/** Strings, which are passed over, and numbers. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Numbers that are shorter are exact. */
const LONG_NUMBER = /[\d.]{16}|\d[eE]/;

/** A JSON value that PostgreSQL's jsonb and the ledger can hold, and what had to be changed for that. */
export interface StorableJson {
  value: unknown;
  repairs: Set<RepairRule>;
}

/** Reads JSON as the old table holds it. What is no JSON is kept as text. */
export function jsonIn(text: string): StorableJson {
  const repairs = new Set<RepairRule>();
  let found: unknown;
  try {
    found = parseJson(text);
  } catch {
    repairs.add('not_json');
    found = text;
  }
  if (!repairs.has('not_json') && hasInexactNumber(text)) repairs.add('json_number');
  return { value: storable(found, repairs, 0), repairs };
}

function hasInexactNumber(text: string): boolean {
  if (!LONG_NUMBER.test(text)) return false;
  return text.match(TOKEN)?.some((token) => !token.startsWith('"') && !isExact(token)) ?? false;
}

function storable(value: unknown, repairs: Set<RepairRule>, depth: number): unknown {
  if (typeof value === 'string') return storableText(value, repairs);
  if (typeof value === 'number') return storableNumber(value, repairs);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === JSON_DEPTH_MAX) {
    repairs.add('nested_too_deep');
    return storableText(textOf(value), repairs);
  }
  if (Array.isArray(value)) return value.map((item) => storable(item, repairs, depth + 1));
  // In the order of canonical JSON, which makes the event cheap to hash; jsonb keeps none.
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, unknown] => [storableText(key, repairs), storable(item, repairs, depth + 1)])
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
}

function storableText(text: string, repairs: Set<RepairRule>): string {
  if (!text.includes(NUL) && text.isWellFormed()) return text;
  repairs.add('character');
  return text.replaceAll(NUL, REPLACEMENT).toWellFormed();
}

/** JSON.parse makes infinities of numbers beyond a double, and -0, which no JSON gives back. */
function storableNumber(number: number, repairs: Set<RepairRule>): unknown {
  if (Number.isFinite(number)) return number === 0 ? 0 : number;
  repairs.add('json_number');
  return String(number);
}

/** Writing what is nested thousands of levels deep overflows the stack. */
function textOf(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '…';
  }
}
