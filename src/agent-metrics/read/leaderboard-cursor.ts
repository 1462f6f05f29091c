import { type CursorKey, decodeCursor, validationFailed } from '../../common/index.js';
import { INTEGER_MAX } from '../../progression/index.js';
import type { LeaderboardPeriod } from '../requests/leaderboard-query.dto.js';

/** Leaderboard that a cursor belongs to. */
export interface LeaderboardScope {
  period: LeaderboardPeriod;
  include_inactive: boolean;
}

/** Hours since 1970, in the year 9955. */
const HOUR_MAX = 70_000_000;

const isNumber = (key: unknown): boolean => typeof key === 'number';
const isText = (key: unknown): boolean => typeof key === 'string';
const isWholeUpTo =
  (most: number) =>
  (key: unknown): boolean =>
    Number.isInteger(key) && Number(key) >= 0 && Number(key) <= most;
const isScope = (key: unknown): boolean => typeof key === 'string' && /^(day|week|month|all)(\+inactive)?$/.test(key);

/** After the scope: learning score, custody XP, win rate, agent type. */
const ALL_TIME_KEYS = [isScope, isNumber, isWholeUpTo(INTEGER_MAX), isNumber, isText];
/** After the scope: end of the period in hours since 1970, XP and custody XP earned, tests passed, agent type. */
const PERIOD_KEYS = [isScope, isWholeUpTo(HOUR_MAX), isNumber, isNumber, isText];

/** The first key of the cursors of a leaderboard. */
export function toScopeKey({ period, include_inactive }: LeaderboardScope): string {
  return include_inactive ? `${period}+inactive` : period;
}

/**
 * Decodes a cursor of the leaderboard.
 *
 * @returns the sort keys without the scope
 * @throws DomainError `validation_failed` if the cursor is invalid, or belongs to another period or `include_inactive`
 */
export function decodeLeaderboardCursor(cursor: string, scope: LeaderboardScope): CursorKey[] {
  const [found] = decodeCursor(cursor, [isScope, isNumber, isNumber, isNumber, isText]);
  if (found !== toScopeKey(scope)) {
    const [period = '', inactive] = String(found).split('+');
    const detail = `is of the leaderboard with period=${period} and include_inactive=${String(inactive !== undefined)}`;
    throw validationFailed([{ field: 'cursor', detail: `${detail}; use it with the same parameters` }]);
  }
  return decodeCursor(cursor, scope.period === 'all' ? ALL_TIME_KEYS : PERIOD_KEYS).slice(1);
}
