import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsString } from 'class-validator';
import { PAGE_LIMIT, type PageRequest } from '../../common/index.js';
import { withLimitAsText } from '../../http/parameters/index.js';
import { type ArgumentParser, IsDecimalNumber, markParsed, Omittable } from '../../http/validation/index.js';
import { EVENT_TYPES, type Outcome, OUTCOMES } from '../../progression/index.js';
import { type TestFilter, TestFilterDto, toTestFilter } from './test-filter.dto.js';

/** Default number of events on a page. */
export const EVENTS_LIMIT = 100;

/** Order of events: by version, descending or ascending. */
export type EventOrder = 'newest' | 'oldest';
export const EVENT_ORDERS = ['newest', 'oldest'] as const satisfies EventOrder[];

/** Selects events of an agent. The fields of TestFilter except the times select tests only. */
export interface EventsRequest extends TestFilter, PageRequest {
  /** 1 to 1,000. Default: 100. */
  limit?: number | undefined;
  type?: string | undefined;
  /** Selects tests with this outcome. */
  outcome?: Outcome | undefined;
  /** Default: `newest`. */
  order?: EventOrder | undefined;
}

/** Selects events of an agent. */
export class EventsQueryDto extends TestFilterDto {
  /** Type of the event. */
  @ApiProperty({ enum: [...EVENT_TYPES], required: false })
  @Omittable()
  @IsIn([...EVENT_TYPES])
  type?: string;

  /** Selects tests with this outcome. */
  @Omittable()
  @IsIn(OUTCOMES)
  outcome?: Outcome;

  /** Order by version: `newest` first or `oldest` first. Default: `newest`. */
  @Omittable()
  @IsIn(EVENT_ORDERS)
  order?: EventOrder;

  /** Maximum number of events, 1 to 1,000. Default: 100. A page ends early if its payloads exceed 4 MiB. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: PAGE_LIMIT, required: false })
  @Omittable()
  @IsDecimalNumber(1, PAGE_LIMIT)
  limit?: string;

  /** The `next_cursor` of the previous page, with the same `order`. */
  @Omittable()
  @IsString()
  cursor?: string;
}

/** The events that the query asks for. */
export function toEventsRequest({ type, outcome, order, limit, cursor, ...filter }: EventsQueryDto): EventsRequest {
  return markParsed({
    ...toTestFilter(filter),
    type,
    outcome,
    order,
    limit: limit === undefined ? undefined : Number(limit),
    cursor,
  });
}

/** Parser of the page in an in-process call. */
export const EventsArgument: ArgumentParser<EventsQueryDto, EventsRequest> = {
  Dto: EventsQueryDto,
  name: 'request',
  convert: toEventsRequest,
  adapt: withLimitAsText,
};
