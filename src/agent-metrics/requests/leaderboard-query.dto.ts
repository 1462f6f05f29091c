import { IsString } from 'class-validator';
import { assertAgentType, PageQueryDto, toPageRequest, withLimitAsText } from '../../http/parameters/index.js';
import { type PageRequest, validationFailed } from '../../common/index.js';
import { type ArgumentParser, markParsed, Omittable } from '../../http/validation/index.js';

export interface LeaderboardRequest extends PageRequest {
  /** Agent type; selects the page around this agent. */
  around?: string | undefined;
}

/** Selects a page of the leaderboard. */
export class LeaderboardQueryDto extends PageQueryDto {
  /**
   * Agent type. Returns `limit` entries (default 11) around this agent; the agent is in the middle if there are enough
   * entries before and after it. Cannot be combined with `cursor`.
   */
  @Omittable()
  @IsString()
  around?: string;
}

/**
 * Converts the query to a leaderboard request.
 *
 * @throws DomainError `validation_failed` if `around` is not a valid agent type or is combined with `cursor`
 */
export function toLeaderboardRequest({ around, ...page }: LeaderboardQueryDto): LeaderboardRequest {
  if (around === undefined) return toPageRequest(page);
  assertAgentType(around, 'around');
  if (page.cursor !== undefined) {
    throw validationFailed([{ field: 'around', detail: 'cannot be combined with `cursor`' }]);
  }
  return markParsed({ ...toPageRequest(page), around });
}

/** Parser of the page in an in-process call. */
export const LeaderboardArgument: ArgumentParser<LeaderboardQueryDto, LeaderboardRequest> = {
  Dto: LeaderboardQueryDto,
  name: 'request',
  convert: toLeaderboardRequest,
  adapt: withLimitAsText,
};
