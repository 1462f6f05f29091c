import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { MessageType } from './message-type.js';

/**
 * State of a delivery. `failing`: the last attempt failed. `queued`: a replay delivers the message again.
 */
export type DeliveryState = 'delivered' | 'failing' | 'queued';
/** States of deliveries. */
export const DELIVERY_STATES = ['delivered', 'failing', 'queued'] as const satisfies DeliveryState[];

/** Attempts to deliver a message to an endpoint. */
@Entity('webhook_deliveries')
@Index('ix_webhook_deliveries_time', ['endpoint_id', 'last_attempt_at', 'message_id'])
export class WebhookDeliveryRecord {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_webhook_deliveries' })
  endpoint_id!: string;

  /** The header `webhook-id`. The same in all attempts. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_webhook_deliveries' })
  message_id!: string;

  @Column('text')
  type!: MessageType;

  @Column({ type: 'text', collation: 'C' })
  agent_type!: string;

  /** Version of the agent at that time. */
  @Column('integer')
  version!: number;

  /** Position of the event in the feed; null: a time limit ended. */
  @Column('bigint', { nullable: true })
  position!: string | null;

  /** Time of the event, or end of the time limit. */
  @Column('timestamptz')
  occurred_at!: Date;

  @Column('varchar', { length: 10 })
  state!: DeliveryState;

  @Column('integer')
  attempts!: number;

  @Column('timestamptz')
  first_attempt_at!: Date;

  @Column('timestamptz')
  last_attempt_at!: Date;

  /** Duration of the last attempt, in milliseconds. */
  @Column('integer')
  duration_ms!: number;

  /** HTTP status of the last response; null if there was none. */
  @Column('integer', { nullable: true })
  status_code!: number | null;

  /** Cause of the failure of the last attempt. */
  @Column('text', { nullable: true })
  error!: string | null;
}
