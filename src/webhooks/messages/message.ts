import type { MessageType } from '../store/index.js';

/** A message for an endpoint. It is the same in all attempts, and after a replay. */
export interface WebhookMessage {
  /** The header `webhook-id`. */
  id: string;
  type: MessageType;
  /** Time of the event, or end of the time limit. */
  timestamp: Date;
  agent_type: string;
  /** Version of the agent. */
  version: number;
  /** Position of the event in the feed; null: a time limit ended. */
  position: number | null;
  data: object;
}

/** The parts of a message that are sent. */
export interface SentMessage extends Pick<WebhookMessage, 'id' | 'timestamp' | 'data'> {
  /** A message type, or `webhook.test`. */
  type: string;
}

/** Body of the request. */
export function toBody({ type, timestamp, data }: SentMessage): string {
  return JSON.stringify({ type, timestamp, data });
}
