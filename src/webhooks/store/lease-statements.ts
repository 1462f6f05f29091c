import type { ObservedEndpoints } from '../../common/index.js';
import type { Session } from '../../database/transactions/index.js';
import type { WebhookDeliveryRecord } from './webhook-delivery.entity.js';
import type { DisabledReason, WebhookEndpointRecord } from './webhook-endpoint.entity.js';

/** Time for which an instance may deliver to an endpoint without renewal, in seconds. */
export const LEASE_SECONDS = 30;
const LEASED_UNTIL = `clock_timestamp() + interval '${LEASE_SECONDS} seconds'`;

/** $1 instance, $2 endpoints for which the instance has leases. */
const CLAIM = `
  UPDATE webhook_endpoints SET leased_by = $1, leased_until = ${LEASED_UNTIL}
   WHERE id IN (
    SELECT id FROM webhook_endpoints
     WHERE disabled_reason IS NULL AND id <> ALL($2::uuid[])
       AND (leased_until IS NULL OR leased_until < clock_timestamp())
       AND (retry_at IS NULL OR retry_at <= clock_timestamp())
     ORDER BY id FOR UPDATE SKIP LOCKED)
  RETURNING *`;

/** Claims all endpoints to which messages may be delivered now, and to which no instance delivers. */
export async function claimEndpoints(
  session: Session,
  instance: string,
  held: readonly string[],
): Promise<WebhookEndpointRecord[]> {
  const [rows] = await session.query<[WebhookEndpointRecord[], number]>(CLAIM, [instance, held]);
  return rows;
}

const COUNT = `
  SELECT count(*) FILTER (WHERE disabled_reason IS NULL AND failures = 0)::integer AS enabled,
         count(*) FILTER (WHERE disabled_reason IS NULL AND failures > 0)::integer AS retrying,
         count(*) FILTER (WHERE disabled_reason IS NOT NULL)::integer AS disabled
    FROM webhook_endpoints`;

/** Counts the endpoints in each state. */
export async function countEndpoints(session: Session): Promise<ObservedEndpoints> {
  const [row] = await session.query<ObservedEndpoints[]>(COUNT);
  return row ?? { enabled: 0, retrying: 0, disabled: 0 };
}

/** Progress of an endpoint. */
export interface Progress {
  position: number;
  deliveredAhead: readonly string[];
  limitsCheckedUntil: Date;
  /** See WebhookEndpointRecord. */
  failures: number;
  failingMessage: string | null;
  /** Delay before the next attempt, in milliseconds; null: none. */
  retryAfterMs: number | null;
  lastError: string | null;
  hasDelivered: boolean;
  disabledReason: DisabledReason | null;
}

/** Progress of a row. */
export function toProgress(row: WebhookEndpointRecord): Progress {
  return {
    position: Number(row.position),
    deliveredAhead: row.delivered_ahead,
    limitsCheckedUntil: row.limits_checked_until,
    failures: row.failures,
    failingMessage: row.failing_message,
    retryAfterMs: null,
    lastError: row.last_error,
    hasDelivered: false,
    disabledReason: null,
  };
}

/** $1 endpoint, $2 instance, $11 revision. After a failure, the lease ends. */
const SAVE = `
  UPDATE webhook_endpoints
     SET position = $3, delivered_ahead = $4, limits_checked_until = $5, failures = $6, failing_message = $12,
         retry_at = clock_timestamp() + $7::float8 * interval '1 millisecond', last_error = $8,
         last_delivered_at = CASE WHEN $9::boolean THEN clock_timestamp() ELSE last_delivered_at END,
         disabled_reason = $10::varchar, disabled_at = CASE WHEN $10::varchar IS NOT NULL THEN clock_timestamp() END,
         leased_until = CASE WHEN $7::float8 IS NULL AND $10::varchar IS NULL THEN ${LEASED_UNTIL} END
   WHERE id = $1 AND leased_by = $2 AND revision = $11 AND disabled_reason IS NULL`;

/** Saves the progress and renews the lease. Returns false if the endpoint was changed, or another instance delivers to it. */
export async function saveProgress(
  session: Session,
  { id, revision }: Pick<WebhookEndpointRecord, 'id' | 'revision'>,
  instance: string,
  progress: Progress,
): Promise<boolean> {
  const [, count] = await session.query<[unknown[], number]>(SAVE, [
    id,
    instance,
    progress.position,
    progress.deliveredAhead,
    progress.limitsCheckedUntil,
    progress.failures,
    progress.retryAfterMs,
    progress.lastError,
    progress.hasDelivered,
    progress.disabledReason,
    revision,
    progress.failingMessage,
  ]);
  return count === 1;
}

const RELEASE = 'UPDATE webhook_endpoints SET leased_until = NULL WHERE id = $1 AND leased_by = $2';

/** Ends the lease, so that another instance can deliver at once. */
export async function releaseEndpoint(session: Session, endpointId: string, instance: string): Promise<void> {
  await session.query(RELEASE, [endpointId, instance]);
}

const LOG = `
  INSERT INTO webhook_deliveries AS known
    (endpoint_id, message_id, type, agent_type, version, position, occurred_at, state, attempts, first_attempt_at,
     last_attempt_at, duration_ms, status_code, error)
  SELECT $1, message_id, type, agent_type, version, position, occurred_at, state, 1, at, at, duration_ms, status_code, error
    FROM unnest($2::text[], $3::text[], $4::text[], $5::integer[], $6::bigint[], $7::timestamptz[], $8::text[],
                $9::timestamptz[], $10::integer[], $11::integer[], $12::text[])
      AS sent (message_id, type, agent_type, version, position, occurred_at, state, at, duration_ms, status_code, error)
   WHERE agent_type IN (
           SELECT agent.agent_type FROM agent_metrics agent WHERE agent.agent_type = ANY($4::text[])
            UNION ALL SELECT alias.name FROM agent_aliases alias WHERE alias.name = ANY($4::text[]))
  ON CONFLICT (endpoint_id, message_id) DO UPDATE
     SET state = excluded.state, attempts = known.attempts + 1, last_attempt_at = excluded.last_attempt_at,
         duration_ms = excluded.duration_ms, status_code = excluded.status_code, error = excluded.error`;

/** An attempt to deliver a message. */
export interface LoggedAttempt {
  message: Pick<WebhookDeliveryRecord, 'type' | 'agent_type' | 'version'> & {
    id: string;
    position: number | null;
    timestamp: Date;
  };
  at: Date;
  attempt: Pick<WebhookDeliveryRecord, 'duration_ms' | 'status_code' | 'error'> & { delivered: boolean };
}

/** Records attempts, except those of erased agents. */
export async function logOutcomes(
  session: Session,
  endpointId: string,
  outcomes: readonly LoggedAttempt[],
): Promise<void> {
  if (outcomes.length === 0) return;
  const list = <Value>(get: (outcome: LoggedAttempt) => Value): Value[] => outcomes.map(get);
  await session.query(LOG, [
    endpointId,
    list(({ message }) => message.id),
    list(({ message }) => message.type),
    list(({ message }) => message.agent_type),
    list(({ message }) => message.version),
    list(({ message }) => message.position),
    list(({ message }) => message.timestamp),
    list(({ attempt }) => (attempt.delivered ? 'delivered' : 'failing')),
    list(({ at }) => at),
    list(({ attempt }) => attempt.duration_ms),
    list(({ attempt }) => attempt.status_code),
    list(({ attempt }) => attempt.error),
  ]);
}

const FIND_DELIVERED = `
  SELECT message_id FROM webhook_deliveries WHERE endpoint_id = $1 AND message_id = ANY($2) AND state = 'delivered'`;

/** Ids of these messages that were delivered. */
export async function findDelivered(
  session: Session,
  endpointId: string,
  messageIds: readonly string[],
): Promise<Set<string>> {
  if (messageIds.length === 0) return new Set();
  const rows = await session.query<{ message_id: string }[]>(FIND_DELIVERED, [endpointId, messageIds]);
  return new Set(rows.map(({ message_id }) => message_id));
}

/** Days, and number of messages of an endpoint, for which the log is retained. */
export const LOG_DAYS = 30;
export const LOG_MAX = 10_000;

const PRUNE = `
  DELETE FROM webhook_deliveries log USING webhook_endpoints endpoint
   WHERE log.endpoint_id = endpoint.id
     AND log.last_attempt_at < greatest(
       clock_timestamp() - interval '${LOG_DAYS} days',
       (SELECT last_attempt_at FROM webhook_deliveries newer WHERE newer.endpoint_id = endpoint.id
         ORDER BY last_attempt_at DESC, message_id DESC OFFSET ${LOG_MAX} LIMIT 1))`;

/** Deletes entries of the log that are older than its retention. */
export async function pruneLog(session: Session): Promise<void> {
  await session.query(PRUNE);
}
