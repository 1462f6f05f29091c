import { type JsonObject, newest, type Range } from '../../progression/index.js';
import { parseLegacyJson } from './legacy-json.js';
import { isExact, parseNumber } from './legacy-number.js';
import { parseRatio } from './legacy-ratio.js';
import type { LegacyRow } from './legacy-row.js';
import { parseTime } from './legacy-time.js';
import { type Repair, createRepair, type RepairRule } from './repair.js';

const TRUE = ['t', 'true', 'y', 'yes', 'on', '1'];
const FALSE = ['f', 'false', 'n', 'no', 'off', '0'];
/** Maximum nesting of JSON strings in JSON strings. */
const MAX_NESTING = 3;

/**
 * Reads the columns of one legacy row and records repairs. A column that the legacy table does not have gets its default
 * without a repair; missing columns are reported once for the table.
 */
export class RowReader {
  readonly repairs: Repair[] = [];

  constructor(private readonly row: LegacyRow) {}

  /** Whether the legacy table has the column. */
  isColumn(field: string): boolean {
    return field in this.row;
  }

  /** Whether the value is not NULL. */
  has(field: string): boolean {
    return this.text(field) !== null;
  }

  text(field: string): string | null {
    return this.row[field] ?? null;
  }

  repair(field: string, made: unknown, why: RepairRule): void {
    this.repairs.push(createRepair(field, this.text(field), made, why));
  }

  /** A number within the range. */
  number(field: string, fallback: number, range: Range): number {
    const number = this.numberOrNull(field, range);
    if (number !== null) return number;
    return this.has(field) ? this.notANumber(field, fallback) : this.wasNull(field, fallback);
  }

  /** Like `number`, but returns null without a repair if there is no number. */
  numberOrNull(field: string, { least, most, whole = false }: Range): number | null {
    const text = this.text(field);
    const found = text === null ? null : parseNumber(text);
    if (text === null || found === null) return null;
    const number = whole ? Math.trunc(found) : found;
    const made = Math.min(most, Math.max(least, number)) + 0;
    if (made !== number) this.repair(field, made, 'out_of_range');
    else if (number !== found) this.repair(field, made, 'not_whole');
    else if (!isExact(text)) this.repair(field, made, 'rounded');
    return made;
  }

  /** A ratio 0–1. */
  ratio(field: string, fallback: number): number {
    const found = this.ratioOrNull(field);
    if (!found) return this.has(field) ? this.notANumber(field, fallback) : this.wasNull(field, fallback);
    if (found.why) this.repair(field, found.ratio, found.why);
    return found.ratio;
  }

  /** A ratio with the repair it needs, which is not recorded; null if there is none. */
  ratioOrNull(field: string): { ratio: number; why: RepairRule | null } | null {
    const text = this.text(field);
    if (text === null) return null;
    const { ratio, why } = parseRatio(text);
    return ratio === null ? null : { ratio, why };
  }

  /** Text of at most this many characters. */
  word(field: string, fallback: string, most: number): string {
    const text = this.text(field);
    if (text === null) return this.wasNull(field, fallback);
    const characters = [...text];
    if (characters.length <= most) return text;
    const made = characters.slice(0, most).join('');
    this.repair(field, made, 'too_long');
    return made;
  }

  flag(field: string, fallback: boolean): boolean {
    const text = this.row[field]?.trim().toLowerCase() ?? null;
    if (text === null) return this.wasNull(field, fallback);
    if (TRUE.includes(text)) return true;
    if (FALSE.includes(text)) return false;
    this.repair(field, fallback, 'not_a_flag');
    return fallback;
  }

  time(field: string): Date | null {
    const text = this.text(field);
    if (text === null) return null;
    const time = parseTime(text);
    if (!time) this.repair(field, null, 'not_a_time');
    return time;
  }

  /** Any JSON, or null. */
  document(field: string): unknown {
    const value = this.json(field);
    return typeof value === 'string' ? this.unwrap(field, value) : value;
  }

  /** The newest items of a list, oldest first. */
  list(field: string, size: number): unknown[] {
    let value = this.json(field);
    if (typeof value === 'string') value = this.unwrap(field, value);
    if (value === null || value === '') return this.wasNull(field, []);
    const list = Array.isArray(value) ? value : [value];
    if (list !== value) this.repair(field, undefined, 'not_a_list');
    if (list.length > size) this.repair(field, undefined, 'beyond_window');
    return newest(list as unknown[], size);
  }

  /** Like `list`; other items than objects are wrapped in objects. */
  objects(field: string, size: number): JsonObject[] {
    const list = this.list(field, size);
    const objects = list.map((entry) => (isObject(entry) ? entry : { entry }));
    if (objects.some((entry, index) => entry !== list[index])) this.repair(field, undefined, 'not_an_object');
    return objects;
  }

  private json(field: string): unknown {
    const text = this.text(field);
    if (text === null || text === '') return null;
    const { value, repairs } = parseLegacyJson(text);
    for (const why of repairs) this.repair(field, undefined, why);
    return value;
  }

  /** Parses a string that contains a JSON list or object; other strings are returned unchanged. */
  private unwrap(field: string, text: string): unknown {
    let inner: unknown = text;
    const within = new Set<RepairRule>(['json_in_text']);
    for (let times = 0; typeof inner === 'string' && times < MAX_NESTING; times++) {
      const { value, repairs } = parseLegacyJson(inner);
      if (repairs.has('not_json')) break;
      for (const why of repairs) within.add(why);
      inner = value;
    }
    if (typeof inner !== 'object') return text;
    for (const why of within) this.repair(field, undefined, why);
    return inner;
  }

  private notANumber(field: string, made: number): number {
    this.repair(field, made, 'not_a_number');
    return made;
  }

  private wasNull<T>(field: string, made: T): T {
    if (this.isColumn(field)) this.repair(field, made, 'was_null');
    return made;
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
