import { pick } from '../../common/index.js';
import type { DeliveryState, MessageType, WebhookDeliveryRecord } from '../store/index.js';

/** Entry of the delivery log: the attempts to deliver a message to an endpoint. */
export interface WebhookDelivery {
  /** The header `webhook-id`: the same in all attempts, and after a replay. */
  message_id: string;
  type: MessageType;
  agent_type: string;
  /** Version of the agent. */
  version: number;
  /** Position of the event in the feed; null: a time limit ended. */
  position: number | null;
  /** Time of the event, or end of the time limit. */
  occurred_at: Date;
  state: DeliveryState;
  attempts: number;
  first_attempt_at: Date;
  last_attempt_at: Date;
  /** Duration of the last attempt, in milliseconds. */
  duration_ms: number;
  /** HTTP status of the last response; null: no response. */
  status_code: number | null;
  /** Cause of the failure of the last attempt. */
  error: string | null;
}

/** Result of a test message. */
export interface TestDelivery {
  message_id: string;
  /** Whether the status was 2xx. */
  delivered: boolean;
  /** HTTP status; null: no response. */
  status_code: number | null;
  /** Cause of the failure; null if it was delivered. */
  error: string | null;
  duration_ms: number;
}

const FIELDS = [
  'message_id',
  'type',
  'agent_type',
  'version',
  'occurred_at',
  'state',
  'attempts',
  'first_attempt_at',
  'last_attempt_at',
  'duration_ms',
  'status_code',
  'error',
] as const;

/** Converts a row. */
export function toDelivery(row: WebhookDeliveryRecord): WebhookDelivery {
  return { ...pick(row, FIELDS), position: row.position === null ? null : Number(row.position) };
}
