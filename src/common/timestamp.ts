const ISO_8601 =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)?$/;

/** Latest supported time, in milliseconds since 1970: the end of the year 9999. */
export const MAX_TIME_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Fields of in-process arguments whose type is a Date also accept ISO 8601 text, as in the REST API. */
export type WithTimes<T> = { [Field in keyof T]: Date extends T[Field] ? T[Field] | string : T[Field] };

/**
 * Parses an ISO 8601 time, truncated to milliseconds. Without a zone it is UTC, as Python's `datetime.utcnow().isoformat()`
 * writes it.
 *
 * @returns null if it is invalid, before 1970 or after 9999 (UTC)
 */
export function parseTimestamp(text: string): Date | null {
  const match = ISO_8601.exec(text);
  if (!match || !isDay(Number(match[1]), Number(match[2]), Number(match[3]))) return null;
  const zone = match[7] === undefined ? 'Z' : '';
  const time = new Date(text.replace(',', '.').replace(/([+-]\d{2})(\d{2})$/, '$1:$2') + zone);
  return time.getTime() >= 0 && time.getTime() <= MAX_TIME_MS ? time : null;
}

/** Converts a validated timestamp; undefined if there is none. */
export function toDate(timestamp: string | undefined): Date | undefined {
  return timestamp === undefined ? undefined : (parseTimestamp(timestamp) ?? undefined);
}

/** Whether the date exists: JavaScript would convert February 30th to March 2nd. */
function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
