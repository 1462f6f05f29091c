import { MAX_TIME_MS, parseTimestamp } from '../common/index.js';

/** Most seconds that a duration can have. */
export const DURATION_MAX = 1_000_000_000;

/** Converts a fraction of 1 to a score, without the error of binary fractions: 0.57 is 57. */
export function toScore(fraction: number): number {
  return Math.round(fraction * 1e12) / 1e10;
}

/** A number, or a text that is one, such as "0.5". Null otherwise; NaN and infinite numbers are returned as they are. */
export function readNumber(value: unknown): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) return null;
  return Number(value);
}

/** Seconds, or null if the value is no duration. */
export function readDuration(value: unknown, unit: 's' | 'ms' = 's'): number | null {
  const number = readNumber(value);
  if (number === null) return null;
  const seconds = unit === 'ms' ? number / 1000 : number;
  return seconds >= 0 && seconds <= DURATION_MAX ? seconds : null;
}

/** Smallest number that is milliseconds since 1970 instead of seconds: the year 5138 in seconds. */
const MILLISECONDS_FROM = 1e11;

/** Day, month, year and time as in mails, which some tools write: `Thu, 26 Nov 2026 20:30:07 GMT` */
const MAIL_TIME = /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|UTC|[+-]\d{4})$/;

/** ISO 8601 (also a day, or with a space instead of T), a time as in mails, or seconds or milliseconds since 1970. Null if it is none of them. */
export function readTimestamp(value: unknown): Date | null {
  const number = readNumber(value);
  if (number !== null) {
    const time = number >= MILLISECONDS_FROM ? number : number * 1000;
    return time > 0 && time <= MAX_TIME_MS ? new Date(Math.floor(time)) : null;
  }
  if (typeof value !== 'string') return null;
  if (MAIL_TIME.test(value.trim())) {
    const time = new Date(value.trim()).getTime();
    return time > 0 && time <= MAX_TIME_MS ? new Date(time) : null;
  }
  const text = value
    .trim()
    .replace(/^(\d{4}-\d{2}-\d{2}) +(?=\d)/, '$1T')
    .replace(/^\d{4}-\d{2}-\d{2}$/, '$&T00:00Z');
  return parseTimestamp(text.replace(/ ?(UTC|GMT)$/, 'Z').replace(/ (?=[+-]\d{2}:?\d{2}$)/, ''));
}

/**
 * Seconds as JUnit files have them: with thousands separators of any kind, and with a point or a comma before the decimals.
 * With commas only, groups of three digits are thousands, unless the first group is 0.
 */
export function readJUnitTime(text: string): number | null {
  const compact = text.trim().replace(/[\s'’_]/gu, '');
  return readDuration(toPlainNumber(compact));
}

function toPlainNumber(text: string): string {
  const comma = text.lastIndexOf(',');
  const point = text.lastIndexOf('.');
  if (comma < 0) return text;
  if (point > comma) return /^\d{1,3}(,\d{3})+\.\d*(e[+-]?\d+)?$/i.test(text) ? text.replaceAll(',', '') : '';
  if (point >= 0) return /^\d{1,3}(\.\d{3})+,\d*$/.test(text) ? text.replaceAll('.', '').replace(',', '.') : '';
  if (/^[1-9]\d{0,2}(,\d{3})+$/.test(text)) return text.replaceAll(',', '');
  return text.indexOf(',') === comma ? text.replace(',', '.') : '';
}
