/** Times in the reader's locale and time zone. */
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const shortTime = new Intl.DateTimeFormat(undefined, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const date = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });
/** The page is in English, and so are its words for times. */
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'long' });

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

export const formatDateTime = (iso: string): string => dateTime.format(new Date(iso));
export const formatShortTime = (iso: string): string => shortTime.format(new Date(iso));
export const formatDate = (iso: string): string => date.format(new Date(iso));
export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** `3 hours ago`, `in 2 days`, `just now`. */
export function formatRelative(iso: string, now = Date.now()): string {
  const seconds = (Date.parse(iso) - now) / 1_000;
  for (const [unit, length] of UNITS) {
    if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
  }
  return seconds > 0 ? 'in a moment' : 'just now';
}

/** `45 s`, `3 min`, `5 h`, `2 d`, of which the largest two units. */
export function formatDuration(seconds: number): string {
  const parts = (
    [
      ['d', 86_400, Infinity],
      ['h', 3_600, 24],
      ['min', 60, 60],
    ] as const
  )
    .map(
      ([unit, length, wrap]) =>
        [Math.floor(seconds / length) % (wrap === Infinity ? Number.MAX_SAFE_INTEGER : wrap), unit] as const,
    )
    .filter(([count]) => count > 0)
    .slice(0, 2);
  if (parts.length === 0) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  return parts.map(([count, unit]) => `${count} ${unit}`).join(' ');
}
