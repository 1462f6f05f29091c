import { ApiProperty } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { validationFailed } from '../../../common/index.js';
import { EVENT_TYPES } from '../../../progression/index.js';
import { assertAgentType } from '../../../http/parameters/index.js';
import { IsDecimalNumber, IsListInQuery, Omittable } from '../../../http/validation/index.js';
import type { FeedRequest } from '../../agent-feed.js';

/** Maximum number of values of a list. */
const VALUES_MAX = 100;
/** Positions have at most 15 digits. */
const POSITION_MAX = 999_999_999_999_999;
const POSITION = /^\d{1,15}$/;

/** Where a stream begins. */
export const FEED_STARTS = ['now', 'start'] as const;

/** Selects events of the feed. */
export class FeedQueryDto {
  /** Agent type; repeat the parameter for several, at most 100. Default: all agents. The agents need not exist. */
  @ApiProperty({ type: String, isArray: true, required: false })
  @Omittable()
  @IsListInQuery(VALUES_MAX)
  agent_type?: string | string[];

  /** Type of event; repeat the parameter for several. Default: all types. */
  @ApiProperty({ enum: [...EVENT_TYPES], isArray: true, required: false })
  @Omittable()
  @IsListInQuery(VALUES_MAX)
  @IsIn([...EVENT_TYPES], { each: true })
  type?: string | string[];

  /** Position after which the stream begins. `Last-Event-ID` takes precedence. */
  @ApiProperty({ type: 'integer', minimum: 0, required: false })
  @Omittable()
  @IsDecimalNumber(0, POSITION_MAX)
  after?: string;

  /** Where the stream begins if neither `Last-Event-ID` nor `after` is sent: `now` (default), or `start`, with all events. */
  @ApiProperty({ enum: FEED_STARTS, required: false })
  @Omittable()
  @IsIn(FEED_STARTS)
  from?: (typeof FEED_STARTS)[number];
}

/**
 * The events that the query asks for.
 *
 * @param lastEventId value of the header Last-Event-ID
 * @throws DomainError `validation_failed` with the name of the header or parameter
 */
export function toFeedRequest(
  { agent_type, type, after, from }: FeedQueryDto,
  lastEventId: string | undefined,
): FeedRequest & { positionField: string } {
  const agentTypes = agent_type === undefined ? undefined : [agent_type].flat();
  for (const agentType of agentTypes ?? []) assertAgentType(agentType);
  const types = type === undefined ? undefined : [type].flat();
  const selected = { agentTypes, types };
  if (lastEventId !== undefined && lastEventId !== '') {
    if (!POSITION.test(lastEventId)) {
      throw validationFailed([{ field: 'Last-Event-ID', detail: 'must be the id of an event of this feed' }]);
    }
    return { ...selected, after: Number(lastEventId), positionField: 'Last-Event-ID' };
  }
  const start = from === 'start' ? 0 : undefined;
  return { ...selected, after: after === undefined ? start : Number(after), positionField: 'after' };
}
