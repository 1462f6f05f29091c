import { InvalidArgumentError } from 'commander';

const UNITS_MS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DAYS_MAX = 36_500;

/**
 * Parses a duration such as 30m, 12h or 90d.
 *
 * @returns milliseconds
 * @throws InvalidArgumentError
 */
export function parseDuration(text: string): number {
  const match = /^(\d{1,6})([mhd])$/.exec(text);
  const duration = match ? Number(match[1]) * UNITS_MS[match[2] as keyof typeof UNITS_MS] : NaN;
  if (!(duration <= DAYS_MAX * UNITS_MS.d)) {
    throw new InvalidArgumentError('It must be a number of minutes, hours or days, such as 30m, 12h or 90d.');
  }
  return duration;
}

/**
 * Parses the expiry of a key: a duration from now, a time with its zone, or a date (midnight UTC).
 *
 * @throws InvalidArgumentError
 */
export function parseExpiry(text: string): Date {
  if (/^\d+[a-z]$/.test(text)) return new Date(Date.now() + parseDuration(text));
  const time = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? new Date(text)
    : new Date(NaN);
  if (Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError('It must be like 90d, 12h, 2027-01-31 or 2027-01-31T12:00:00Z.');
  }
  return time;
}
