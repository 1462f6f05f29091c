import { IsString } from 'class-validator';
import { assertAgentType, PageQueryDto, toPageRequest } from '../../../http/parameters/index.js';
import { validationFailed } from '../../../common/index.js';
import { Omittable } from '../../../http/validation/index.js';
import type { LeaderboardRequest } from '../../read/leaderboard.queries.js';

/** Which part of the ranking. */
export class LeaderboardQueryDto extends PageQueryDto {
  /**
   * An agent to show among its neighbours: `limit` entries (11 when left out), with the agent in their middle where there
   * are enough before and after it. Not together with `cursor`.
   */
  @Omittable()
  @IsString()
  around?: string;
}

/**
 * The part of the ranking that the query asks for.
 *
 * @throws DomainError `validation_failed` on what can't be an agent, or together with a cursor
 */
export function toLeaderboardRequest({ around, ...page }: LeaderboardQueryDto): LeaderboardRequest {
  if (around === undefined) return toPageRequest(page);
  assertAgentType(around, 'around');
  if (page.cursor !== undefined) {
    throw validationFailed([{ field: 'around', detail: "can't go together with `cursor`" }]);
  }
  return { ...toPageRequest(page), around };
}
