const ISO_8601 =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)?$/;

/** The last time whose year has four digits, in milliseconds since 1970. */
export const MAX_TIME_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * A time as ISO 8601, to the millisecond; null when it isn't one, or lies before 1970 or after 9999 (UTC). Without a zone it is UTC, as
 * Python's `datetime.utcnow().isoformat()` writes it.
 */
export function parseTimestamp(text: string): Date | null {
  const match = ISO_8601.exec(text);
  if (!match || !isDay(Number(match[1]), Number(match[2]), Number(match[3]))) return null;
  const zone = match[7] === undefined ? 'Z' : '';
  const time = new Date(text.replace(',', '.').replace(/([+-]\d{2})(\d{2})$/, '$1:$2') + zone);
  return time.getTime() >= 0 && time.getTime() <= MAX_TIME_MS ? time : null;
}

/** The time that a validated request names, if it names one. */
export function toDate(timestamp: string | undefined): Date | undefined {
  return timestamp === undefined ? undefined : (parseTimestamp(timestamp) ?? undefined);
}

/** Whether the calendar has this day: JavaScript would take February 30th for March 2nd. */
function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
