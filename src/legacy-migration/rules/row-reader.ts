import { type JsonObject, newest, type Range } from '../../progression/index.js';
import { jsonIn } from './legacy-json.js';
import { isExact, numberIn } from './legacy-number.js';
import { ratioIn } from './legacy-ratio.js';
import type { LegacyRow } from './legacy-row.js';
import { timeIn } from './legacy-time.js';
import { type Repair, repairOf, type RepairRule } from './repair.js';

const TRUE = ['t', 'true', 'y', 'yes', 'on', '1'];
const FALSE = ['f', 'false', 'n', 'no', 'off', '0'];
/** A list is a JSON string inside a JSON string at most this often. */
const WRAPPED_MOST = 3;

/**
 * Reads the columns of one old row and notes what it had to repair. A column that the old table doesn't have gets its
 * default without a note: that is said once, of the table.
 */
export class RowReader {
  readonly repairs: Repair[] = [];

  constructor(private readonly row: LegacyRow) {}

  /** Whether the old table has this column. */
  isColumn(field: string): boolean {
    return field in this.row;
  }

  /** Whether the row has a value there. */
  has(field: string): boolean {
    return this.text(field) !== null;
  }

  text(field: string): string | null {
    return this.row[field] ?? null;
  }

  repair(field: string, made: unknown, why: RepairRule): void {
    this.repairs.push(repairOf(field, this.text(field), made, why));
  }

  /** A number within the range. */
  number(field: string, fallback: number, range: Range): number {
    const number = this.numberOrNull(field, range);
    if (number !== null) return number;
    return this.has(field) ? this.notANumber(field, fallback) : this.wasNull(field, fallback);
  }

  /** As `number`, but null without a note when there is none. */
  numberOrNull(field: string, { least, most, whole = false }: Range): number | null {
    const text = this.text(field);
    const found = text === null ? null : numberIn(text);
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

  /** A ratio with what would have to be repaired, which isn't noted yet; null when there is none. */
  ratioOrNull(field: string): { ratio: number; why: RepairRule | null } | null {
    const text = this.text(field);
    if (text === null) return null;
    const { ratio, why } = ratioIn(text);
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
    const time = timeIn(text);
    if (!time) this.repair(field, null, 'not_a_time');
    return time;
  }

  /** Any JSON, or null. */
  document(field: string): unknown {
    const value = this.json(field);
    return typeof value === 'string' ? this.unwrapped(field, value) : value;
  }

  /** The newest items of a list that is kept oldest first. */
  list(field: string, size: number): unknown[] {
    let value = this.json(field);
    if (typeof value === 'string') value = this.unwrapped(field, value);
    if (value === null || value === '') return this.wasNull(field, []);
    const list = Array.isArray(value) ? value : [value];
    if (list !== value) this.repair(field, undefined, 'not_a_list');
    if (list.length > size) this.repair(field, undefined, 'beyond_window');
    return newest(list as unknown[], size);
  }

  /** As `list`, with items that are all objects. */
  objects(field: string, size: number): JsonObject[] {
    const list = this.list(field, size);
    const objects = list.map((entry) => (isObject(entry) ? entry : { entry }));
    if (objects.some((entry, index) => entry !== list[index])) this.repair(field, undefined, 'not_an_object');
    return objects;
  }

  private json(field: string): unknown {
    const text = this.text(field);
    if (text === null || text === '') return null;
    const { value, repairs } = jsonIn(text);
    for (const why of repairs) this.repair(field, undefined, why);
    return value;
  }

  /** What a JSON string holds, if that is a list or an object in turn. */
  private unwrapped(field: string, text: string): unknown {
    let inner: unknown = text;
    const within = new Set<RepairRule>(['json_in_text']);
    for (let times = 0; typeof inner === 'string' && times < WRAPPED_MOST; times++) {
      const { value, repairs } = jsonIn(inner);
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
