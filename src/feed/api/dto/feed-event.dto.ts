import { ApiProperty, OmitType } from '@nestjs/swagger';
import { RecordedEventDto } from '../../../agent-metrics/index.js';
import type { FeedEvent } from '../../read/feed-event.js';

/** `data` of a message of the feed: an event. */
export class FeedEventDto extends OmitType(RecordedEventDto, ['voided_by']) implements FeedEvent {
  /**
   * Position in the feed. Positions ascend; some are omitted.
   * @example 4711
   */
  @ApiProperty({ type: 'integer' })
  position!: number;
  /**
   * Current name of the agent.
   * @example guardian
   */
  agent_type!: string;
}
