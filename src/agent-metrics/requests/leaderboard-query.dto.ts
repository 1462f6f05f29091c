import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString } from 'class-validator';
import { type PageRequest, validationFailed } from '../../common/index.js';
import { assertAgentType, PageQueryDto, toPageRequest, withLimitAsText } from '../../http/parameters/index.js';
import { type ArgumentParser, markParsed, Omittable } from '../../http/validation/index.js';

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
  ...page
}: LeaderboardQueryDto): LeaderboardRequest {
  if (around !== undefined) assertAgentType(around, 'around');
  if (around !== undefined && page.cursor !== undefined) {
    throw validationFailed([{ field: 'around', detail: 'cannot be combined with `cursor`' }]);
  }
  return markParsed({
    ...toPageRequest(page),
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
