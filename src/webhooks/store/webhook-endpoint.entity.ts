import { Check, Column, Entity, PrimaryColumn } from 'typeorm';
import type { MessageType } from './message-type.js';

/** Reason why nothing is sent to an endpoint. */
export type DisabledReason = 'manual' | 'gone' | 'failing';

/** Key of the signatures of an endpoint. */
export interface StoredSecret {
  /** `whsec_` and the base64 of the key. */
  secret: string;
  /** ISO 8601 in UTC; null: the newest secret, which does not expire. */
  expires_at: string | null;
}

/** A receiver of webhooks, and the position up to which it has received the feed. */
@Entity('webhook_endpoints')
@Check('ck_webhook_endpoints_disabled_reason', "disabled_reason IN ('manual', 'gone', 'failing')")
export class WebhookEndpointRecord {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'pk_webhook_endpoints' })
  id!: string;

  @Column('text')
  url!: string;

  @Column('text', { nullable: true })
  description!: string | null;

  /** Types of the messages that are sent. */
  @Column('text', { array: true })
  types!: MessageType[];

  /** Agents whose messages are sent: agent types, and prefixes followed by `*`. Null: all agents. */
  @Column('text', { array: true, nullable: true })
  agents!: string[] | null;

  /** `score.dropped`: number of tests in each of the two groups that are compared. */
  @Column('integer')
  score_tests!: number;

  /** `score.dropped`: minimum decrease of the pass rate, a ratio. */
  @Column('double precision')
  score_drop!: number;

  /** Newest first. */
  @Column('jsonb')
  secrets!: StoredSecret[];

  @Column('timestamptz')
  created_at!: Date;

  /** Name of the key that created the endpoint; null if no key was used. */
  @Column('text', { nullable: true })
  created_by!: string | null;

  /** Null: enabled. */
  @Column('varchar', { length: 10, nullable: true })
  disabled_reason!: DisabledReason | null;

  @Column('timestamptz', { nullable: true })
  disabled_at!: Date | null;

  /** Position of the feed: all messages of the events up to it were delivered. */
  @Column('bigint')
  position!: string;

  /** Ids of messages after the position that were delivered. At most a slice of the feed. */
  @Column('text', { array: true })
  delivered_ahead!: string[];

  /** Time limits that ended until then are not reported: creation of the endpoint, or begin of a replay. */
  @Column('timestamptz')
  since!: Date;

  /** All time limits that ended until then have been reported. */
  @Column('timestamptz')
  limits_checked_until!: Date;

  /** Number of consecutive failed attempts to deliver `failing_message`. */
  @Column('integer')
  failures!: number;

  /** Id of the message whose attempts are counted: the first one that failed. Null: none. */
  @Column('text', { nullable: true })
  failing_message!: string | null;

  /** Time of the next attempt after a failure. */
  @Column('timestamptz', { nullable: true })
  retry_at!: Date | null;

  /** Cause of the last failure; null after a success. */
  @Column('text', { nullable: true })
  last_error!: string | null;

  @Column('timestamptz', { nullable: true })
  last_delivered_at!: Date | null;

  /** Changed with each change of the endpoint, so that running deliveries end. */
  @Column('integer')
  revision!: number;

  /** Instance that delivers at present. */
  @Column('uuid', { nullable: true })
  leased_by!: string | null;

  @Column('timestamptz', { nullable: true })
  leased_until!: Date | null;
}
