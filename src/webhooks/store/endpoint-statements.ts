import type { Session } from '../../database/transactions/index.js';
import type { WebhookDeliveryRecord, DeliveryState } from './webhook-delivery.entity.js';
import type { StoredSecret, WebhookEndpointRecord } from './webhook-endpoint.entity.js';

const LIST = 'SELECT * FROM webhook_endpoints ORDER BY created_at, id';
const FIND = 'SELECT * FROM webhook_endpoints WHERE id = $1';
const LOCK = `${FIND} FOR UPDATE`;
/** Concurrent creations wait for each other, so that their number is exact. */
const LOCK_TABLE = 'LOCK TABLE webhook_endpoints IN SHARE ROW EXCLUSIVE MODE';
const COUNT = 'SELECT count(*)::integer AS count FROM webhook_endpoints';
const INSERT = `
  INSERT INTO webhook_endpoints
    (id, url, description, types, agents, score_tests, score_drop, secrets, created_at, created_by, position, delivered_ahead,
     since, limits_checked_until, failures, revision)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp(), $9, $10, '{}', clock_timestamp(), clock_timestamp(), 0, 1)
  RETURNING *`;
const DELETE = 'DELETE FROM webhook_endpoints WHERE id = $1';
const DELETE_LOG = 'DELETE FROM webhook_deliveries WHERE endpoint_id = $1';

/** All endpoints, oldest first. */
export async function listEndpoints(session: Session): Promise<WebhookEndpointRecord[]> {
  return session.query(LIST);
}

export async function findEndpoint(session: Session, id: string): Promise<WebhookEndpointRecord | null> {
  const [row] = await session.query<WebhookEndpointRecord[]>(FIND, [id]);
  return row ?? null;
}

/** Locks an endpoint until the transaction ends. */
export async function lockEndpoint(session: Session, id: string): Promise<WebhookEndpointRecord | null> {
  const [row] = await session.query<WebhookEndpointRecord[]>(LOCK, [id]);
  return row ?? null;
}

/** Counts the endpoints. No others can be created until the transaction ends. */
export async function lockCount(session: Session): Promise<number> {
  await session.query(LOCK_TABLE);
  const [row] = await session.query<{ count: number }[]>(COUNT);
  return row?.count ?? 0;
}

/** Columns of a new endpoint. */
export type NewEndpoint = Pick<
  WebhookEndpointRecord,
  'id' | 'url' | 'description' | 'types' | 'agents' | 'score_tests' | 'score_drop' | 'secrets' | 'created_by'
> & { position: number };

export async function insertEndpoint(session: Session, endpoint: NewEndpoint): Promise<WebhookEndpointRecord> {
  const { id, url, description, types, agents, score_tests, score_drop, secrets, created_by, position } = endpoint;
  const [row] = await session.query<WebhookEndpointRecord[]>(INSERT, [
    id,
    url,
    description,
    types,
    agents,
    score_tests,
    score_drop,
    JSON.stringify(secrets),
    created_by,
    position,
  ]);
  if (!row) throw new Error('the endpoint was not inserted');
  return row;
}

/** Columns that a request can change. */
export interface EndpointChange {
  url?: string | undefined;
  description?: string | null | undefined;
  types?: readonly string[] | undefined;
  agents?: readonly string[] | null | undefined;
  score_tests?: number | undefined;
  score_drop?: number | undefined;
  secrets?: readonly StoredSecret[];
  /** False: disabled manually. True: enabled, and retried at once. */
  enabled?: boolean | undefined;
  /** Begin of a replay. */
  replay?: { position: number; since: Date };
  /** Whether time limits that ended before are not reported, because their messages were not sent until now. */
  limitsBegin?: boolean;
}

/** Assignments that enable or disable an endpoint. */
const ENABLE = 'disabled_reason = NULL, disabled_at = NULL, failures = 0, failing_message = NULL, retry_at = NULL';
const DISABLE = "disabled_reason = 'manual', disabled_at = clock_timestamp(), retry_at = NULL";

/** Changes an endpoint that exists. Running deliveries end. */
export async function updateEndpoint(
  session: Session,
  id: string,
  { enabled, replay, limitsBegin = false, secrets, ...columns }: EndpointChange,
): Promise<WebhookEndpointRecord> {
  const parameters: unknown[] = [id];
  const add = (value: unknown): string => `$${parameters.push(value)}`;
  const set = (column: string, value: unknown): string => `${column} = ${add(value)}`;
  const assignments = Object.entries(columns)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => set(column, value));
  if (secrets) assignments.push(set('secrets', JSON.stringify(secrets)));
  if (enabled !== undefined) assignments.push(enabled ? ENABLE : DISABLE);
  if (limitsBegin) assignments.push('since = greatest(since, limits_checked_until)');
  if (replay) assignments.push(...buildReplay(add(replay.position), add(replay.since)));
  assignments.push('revision = revision + 1');
  const [rows] = await session.query<[WebhookEndpointRecord[], number]>(
    `UPDATE webhook_endpoints SET ${assignments.join(', ')} WHERE id = $1 RETURNING *`,
    parameters,
  );
  const [row] = rows;
  if (!row) throw new Error('the endpoint was not updated');
  return row;
}

/** A replay can only begin earlier: it does not skip what has not been delivered. */
function buildReplay(position: string, since: string): string[] {
  return [
    `position = least(position, ${position}::bigint), since = least(since, ${since}::timestamptz)`,
    `limits_checked_until = least(limits_checked_until, ${since}::timestamptz)`,
    "delivered_ahead = '{}', failures = 0, failing_message = NULL, retry_at = NULL",
  ];
}

/** Deletes an endpoint and its log. Returns false if it does not exist. */
export async function deleteEndpoint(session: Session, id: string): Promise<boolean> {
  const [, count] = await session.query<[unknown[], number]>(DELETE, [id]);
  await session.query(DELETE_LOG, [id]);
  return count === 1;
}

/** Messages after the position, and time limits that ended since, are delivered again. */
const QUEUE = `
  UPDATE webhook_deliveries SET state = 'queued'
   WHERE endpoint_id = $1 AND (position > $2 OR (position IS NULL AND occurred_at > $3))`;

export async function queueAgain(session: Session, id: string, position: number, since: Date): Promise<void> {
  await session.query(QUEUE, [id, position, since]);
}

const PAGE = `
  SELECT message_id, type, agent_type, version, position, occurred_at, state, attempts, first_attempt_at, last_attempt_at,
         duration_ms, status_code, error, to_char(last_attempt_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS key
    FROM webhook_deliveries
   WHERE endpoint_id = $1 AND ($2::text IS NULL OR state = $2)
     AND ($3::text IS NULL OR (last_attempt_at, message_id) < ($3::timestamptz, $4::text))
   ORDER BY last_attempt_at DESC, message_id DESC LIMIT $5`;

/** Entry of the log, with its sort key. */
export type LoggedDelivery = WebhookDeliveryRecord & { key: string };

/** Reads entries of the log, newest attempt first. */
export async function readDeliveries(
  session: Session,
  id: string,
  { state, after, limit }: { state: DeliveryState | undefined; after: readonly [string, string] | null; limit: number },
): Promise<LoggedDelivery[]> {
  return session.query(PAGE, [id, state ?? null, after?.[0] ?? null, after?.[1] ?? null, limit]);
}
