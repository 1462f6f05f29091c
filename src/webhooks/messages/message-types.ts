/**
 * Type of a webhook message.
 *
 * - `event.recorded`: any event was recorded.
 * - `test.failed`: a test was failed.
 * - `agent.level_up`: the level of an agent increased.
 * - `eligibility.changed`: a gate opened or closed, by an event or because a time limit ended.
 * - `score.dropped`: the pass rate of the newest tests is lower than that of the tests before them.
 */
export type MessageType = 'event.recorded' | 'test.failed' | 'agent.level_up' | 'eligibility.changed' | 'score.dropped';
/** Types of webhook messages. */
export const MESSAGE_TYPES = [
  'event.recorded',
  'test.failed',
  'agent.level_up',
  'eligibility.changed',
  'score.dropped',
] as const satisfies MessageType[];

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
