import { ApiProperty } from '@nestjs/swagger';
import { DELIVERY_STATES, type DeliveryState, MESSAGE_TYPES, type MessageType } from '../../store/index.js';
import type { TestDelivery, WebhookDelivery } from '../../endpoints/delivery.js';

/** Entry of the delivery log: the attempts to deliver a message. */
export class WebhookDeliveryDto implements WebhookDelivery {
  /**
   * The header `webhook-id`: the same in all attempts, and after a replay.
   * @example msg_0f3c9a52e1b84d7796c5a2d1e8f04b6a
   */
  message_id!: string;

  @ApiProperty({ enum: MESSAGE_TYPES })
  type!: MessageType;

  /** @example guardian */
  agent_type!: string;

  /** Version of the agent. */
  @ApiProperty({ type: 'integer', example: 14 })
  version!: number;

  /** Position of the event in the feed. Null: a time limit ended. */
  @ApiProperty({ type: 'integer', nullable: true, example: 4_711 })
  position!: number | null;

  /** Time of the event, or end of the time limit. */
  occurred_at!: Date;

  /** `failing`: the last attempt failed. `queued`: a replay delivers the message again. */
  @ApiProperty({ enum: DELIVERY_STATES })
  state!: DeliveryState;

  @ApiProperty({ type: 'integer', example: 1 })
  attempts!: number;

  first_attempt_at!: Date;
  last_attempt_at!: Date;

  /** Duration of the last attempt, in milliseconds. */
  @ApiProperty({ type: 'integer', example: 23 })
  duration_ms!: number;

  /** HTTP status of the last response. Null: no response. */
  @ApiProperty({ type: 'integer', nullable: true, example: 200 })
  status_code!: number | null;

  /** Cause of the failure of the last attempt. */
  @ApiProperty({ type: String, nullable: true })
  error!: string | null;
}

/** A page of the delivery log. */
export class WebhookDeliveriesResponseDto {
  /** @example success */
  status!: 'success';
  /** Newest attempt first. */
  deliveries!: WebhookDeliveryDto[];
  /** Cursor of the next page. Null on the last one. */
  @ApiProperty({ type: String, nullable: true })
  next_cursor!: string | null;
}

/** Result of a test message. */
export class TestDeliveryDto implements TestDelivery {
  /** @example msg_0f3c9a52e1b84d7796c5a2d1e8f04b6a */
  message_id!: string;

  /** Whether the status was 2xx. */
  @ApiProperty({ example: true })
  delivered!: boolean;

  /** HTTP status. Null: no response. */
  @ApiProperty({ type: 'integer', nullable: true, example: 200 })
  status_code!: number | null;

  /** Cause of the failure. Null if it was delivered. */
  @ApiProperty({ type: String, nullable: true })
  error!: string | null;

  /** Duration in milliseconds. */
  @ApiProperty({ type: 'integer', example: 23 })
  duration_ms!: number;
}

/** Response with the result of a test message. */
export class TestDeliveryResponseDto {
  /** @example success */
  status!: 'success';
  delivery!: TestDeliveryDto;
}
