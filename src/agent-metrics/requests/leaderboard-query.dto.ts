import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString } from 'class-validator';
import { type PageRequest, toDate, validationFailed } from '../../common/index.js';
import { assertAgentType, PageQueryDto, toPageRequest, withLimitAsText } from '../../http/parameters/index.js';
import { type ArgumentParser, IsTimestamp, markParsed, Omittable } from '../../http/validation/index.js';

/**
 * Period of the leaderboard: `all` ranks by the current metrics; `day`, `week` and `month` rank by what was earned in the
 * last 24 hours, 7 days and 30 days.
 */
export type LeaderboardPeriod = 'day' | 'week' | 'month' | 'all';
/** Periods of the leaderboard. */
export const LEADERBOARD_PERIODS = ['day', 'week', 'month', 'all'] as const satisfies LeaderboardPeriod[];

/** Selects a page of the leaderboard. */
export interface LeaderboardRequest extends PageRequest {
  /** Agent type; selects the page around this agent. */
  around?: string | undefined;
  /** Default: `all`. */
  period?: LeaderboardPeriod | undefined;
  /** Whether agents with `is_active: false` are ranked. Default: false. */
  include_inactive?: boolean | undefined;
  /** Ranks by what was known at this time. Only with `period: 'all'`; `limit` is then at most 100, the default. */
  as_of?: Date | undefined;
}

const BOOLEANS = ['true', 'false'] as const;

/** Selects a page of the leaderboard. */
export class LeaderboardQueryDto extends PageQueryDto {
  /**
   * Agent type. Returns `limit` entries (default 11) around this agent; the agent is in the middle if there are enough
   * entries before and after it. Cannot be combined with `cursor`.
   */
  @Omittable()
  @IsString()
  around?: string;

  /**
   * `all` ranks by the current metrics. `day`, `week` and `month` rank by what was earned in the last 24 hours, 7 days and
   * 30 days, in whole hours that include the current one. Default: `all`.
   */
  @Omittable()
  @IsIn(LEADERBOARD_PERIODS)
  period?: LeaderboardPeriod;

  /** Whether inactive agents (`is_active: false`) are ranked. Default: false. */
  @ApiProperty({ enum: BOOLEANS, required: false })
  @Omittable()
  @IsIn(BOOLEANS)
  include_inactive?: (typeof BOOLEANS)[number];

  /**
   * ISO 8601 time. Ranks by what was known at that time: the metrics after the newest event of each agent that had been
   * recorded. Only with `period=all`; `limit` is then at most 100, the default. Default: now.
   */
  @Omittable()
  @IsTimestamp()
  as_of?: string;
}

/**
 * Converts the query to a leaderboard request.
 *
 * @throws DomainError `validation_failed` if `around` is not a valid agent type or is combined with `cursor`
 */
export function toLeaderboardRequest({
  around,
  period,
  include_inactive,
  as_of,
  ...page
}: LeaderboardQueryDto): LeaderboardRequest {
  if (around !== undefined) assertAgentType(around, 'around');
  if (around !== undefined && page.cursor !== undefined) {
    throw validationFailed([{ field: 'around', detail: 'cannot be combined with `cursor`' }]);
  }
  if (as_of !== undefined && (period ?? 'all') !== 'all') {
    throw validationFailed([{ field: 'as_of', detail: 'cannot be combined with a `period` other than `all`' }]);
  }
  return markParsed({
    ...toPageRequest(page),
    as_of: toDate(as_of),
    around,
    period,
    include_inactive: include_inactive === undefined ? undefined : include_inactive === 'true',
  });
}

/** Parser of the page in an in-process call. */
export const LeaderboardArgument: ArgumentParser<LeaderboardQueryDto, LeaderboardRequest> = {
  Dto: LeaderboardQueryDto,
  name: 'request',
  convert: toLeaderboardRequest,
  adapt: (page) => withFlagAsText(withLimitAsText(page)),
};

/** In a query `include_inactive` is text, in an in-process call it is a boolean. All other types are invalid. */
function withFlagAsText(page: unknown): unknown {
  if (typeof page !== 'object' || page === null || !('include_inactive' in page)) return page;
  const { include_inactive } = page;
  return { ...page, include_inactive: typeof include_inactive === 'boolean' ? String(include_inactive) : null };
}
