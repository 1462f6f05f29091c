const TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|([+-])(\d{2}):?(\d{2})?(?::?(\d{2}))?)?$/i;
const EARLIEST = Date.UTC(2000, 0, 1) - 730_119 * 86_400_000;
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Parses a time in milliseconds. Without a time zone it is in UTC.
 *
 * @returns null if the text is not a time, is infinite, or is outside the years 1 to 9999
 */
export function parseTime(text: string): Date | null {
  const match = TIME.exec(text.trim());
  if (!match) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0'] = match;
  const [zoneSign, zoneHours, zoneMinutes, zoneSeconds] = match.slice(9);
  const time = new Date(0);
  time.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (time.getUTCMonth() !== Number(month) - 1) return null;
  time.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.padEnd(3, '0').slice(0, 3)));
  const offset = Number(zoneHours ?? 0) * 3_600 + Number(zoneMinutes ?? 0) * 60 + Number(zoneSeconds ?? 0);
  const utc = time.getTime() - (zoneSign === '-' ? -offset : offset) * 1_000;
  return utc >= EARLIEST && utc <= LATEST ? new Date(utc) : null;
}
