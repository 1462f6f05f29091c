import type { LeaderboardPeriod } from '../requests/leaderboard-query.dto.js';

const HOUR_MS = 60 * 60_000;
/** Length of a period in hours. */
const HOURS: Record<Exclude<LeaderboardPeriod, 'all'>, number> = { day: 24, week: 7 * 24, month: 30 * 24 };

/** Whole hours of a period: start of the first, end of the last. */
export interface LeaderboardRange {
  from: Date;
  to: Date;
}

/** The period that ends with the current hour. */
export function computeRange(period: Exclude<LeaderboardPeriod, 'all'>, now: Date): LeaderboardRange {
  return toRange(period, Math.floor(now.getTime() / HOUR_MS) + 1);
}

/** The period that ends with this hour, in hours since 1970. */
export function toRange(period: Exclude<LeaderboardPeriod, 'all'>, endHour: number): LeaderboardRange {
  return { from: new Date((endHour - HOURS[period]) * HOUR_MS), to: new Date(endHour * HOUR_MS) };
}

/** End of a range in hours since 1970. */
export function toEndHour({ to }: LeaderboardRange): number {
  return to.getTime() / HOUR_MS;
}
