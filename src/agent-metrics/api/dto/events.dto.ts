import { ApiProperty } from '@nestjs/swagger';
import type { JsonObject } from '../../../progression/index.js';
import type { EventOfAgent, RecordedEvent } from '../../read/agent-events.js';
import { EVENT_TYPES } from '../../../progression/index.js';
import { SuccessDto } from './responses.dto.js';

/** A recorded event of an agent. Events do not change; only `voided_by` is set if the event is voided later. */
export class RecordedEventDto implements RecordedEvent {
  /**
   * 1, 2, 3, … per agent, without gaps.
   * @example 12
   */
  @ApiProperty({ type: 'integer' })
  version!: number;
  /** @example custody_test */
  @ApiProperty({ enum: EVENT_TYPES })
  type!: string;
  /**
   * The accepted command with every decided value. Its members depend on the type.
   * @example {"passed": true, "score": 95, "xp_awarded": 25, "evidence": {"run_id": "nightly-812"}}
   */
  @ApiProperty({ type: 'object', additionalProperties: true })
  payload!: JsonObject;
  /**
   * Name of the key that recorded the event; null if no key was used.
   * @example ci
   */
  actor!: string | null;
  /** Time of the event as reported by the client; default: `recorded_at`. */
  occurred_at!: Date;
  recorded_at!: Date;
  /**
   * Version of the rules that decided the event.
   * @example 2
   */
  @ApiProperty({ type: 'integer' })
  rules_version!: number;
  /**
   * SHA-256 of the event and the previous hash, in hexadecimal.
   * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
   */
  hash!: string;
  /**
   * Hash of the previous event, in hexadecimal; zeros for the first.
   * @example 0000000000000000000000000000000000000000000000000000000000000000
   */
  prev_hash!: string;
  /** Version of the event that voided this one; null if it is not voided. */
  @ApiProperty({ type: 'integer', nullable: true })
  voided_by!: number | null;
  /**
   * Idempotency key of the request; null if it had none. Of several events of a request, only the last has the key.
   * @example 2f1c6a52-9d5e-4a39-8f3c-0d9f0d0b6a11
   */
  idempotency_key!: string | null;
}

export class EventsDto extends SuccessDto {
  /** @example guardian */
  agent_type!: string;
  events!: RecordedEventDto[];
  /** Cursor of the next page; null on the last page. */
  next_cursor!: string | null;
}

export class EventDto extends SuccessDto {
  /** @example guardian */
  agent_type!: string;
  event!: RecordedEventDto;
}

/** A recorded event, with the current name of its agent. */
export class EventOfAgentDto extends RecordedEventDto implements EventOfAgent {
  /** @example guardian */
  agent_type!: string;
}

export class AllEventsDto extends SuccessDto {
  events!: EventOfAgentDto[];
  /** Cursor of the next page; null on the last page. */
  next_cursor!: string | null;
}
