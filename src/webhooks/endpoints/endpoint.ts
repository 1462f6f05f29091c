import type { DisabledReason, MessageType, WebhookEndpointRecord } from '../store/index.js';
import { selectValidSecrets } from './secrets.js';

/** State of an endpoint. `retrying`: the last attempt failed, and there will be another one. */
export type EndpointState = 'enabled' | 'retrying' | 'disabled';
/** States of endpoints. */
export const ENDPOINT_STATES = ['enabled', 'retrying', 'disabled'] as const satisfies EndpointState[];

/** A receiver of webhooks, without its secrets. */
export interface WebhookEndpoint {
  id: string;
  url: string;
  description: string | null;
  types: MessageType[];
  /** Null: all agents. */
  agents: string[] | null;
  score_tests: number;
  score_drop: number;
  state: EndpointState;
  /** Null: not disabled. */
  disabled_reason: DisabledReason | null;
  disabled_at: Date | null;
  /** Position in the feed: all messages of the events up to it were delivered. */
  position: number;
  /** Number of consecutive failed attempts. */
  failures: number;
  /** Time of the next attempt; null if none has failed, or the endpoint is disabled. */
  retry_at: Date | null;
  last_error: string | null;
  last_delivered_at: Date | null;
  /** Number of secrets that sign messages at present. */
  secrets: number;
  created_at: Date;
  created_by: string | null;
}

/** A created or rotated secret, with the endpoint. The secret cannot be read later. */
export interface EndpointWithSecret {
  endpoint: WebhookEndpoint;
  secret: string;
}

/** Converts a row. @param now decides which secrets are valid */
export function toEndpoint(row: WebhookEndpointRecord, now: Date): WebhookEndpoint {
  const isDisabled = row.disabled_reason !== null;
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    types: row.types,
    agents: row.agents,
    score_tests: row.score_tests,
    score_drop: row.score_drop,
    state: isDisabled ? 'disabled' : row.failures > 0 ? 'retrying' : 'enabled',
    disabled_reason: row.disabled_reason,
    disabled_at: row.disabled_at,
    position: Number(row.position),
    failures: row.failures,
    retry_at: isDisabled ? null : row.retry_at,
    last_error: row.last_error,
    last_delivered_at: row.last_delivered_at,
    secrets: selectValidSecrets(row.secrets, now).length,
    created_at: row.created_at,
    created_by: row.created_by,
  };
}
