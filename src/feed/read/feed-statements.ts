import { parseJson } from '../../common/index.js';
import { PLANNED_EACH_TIME } from '../../database/client/index.js';
import type { Session } from '../../database/transactions/index.js';
import { buildAgentCondition, clampTime } from '../../database/values/index.js';
import type { FeedEvent } from './feed-event.js';
import type { FeedFilter } from './feed-filter.js';

/** Maximum size of the payloads of a page, in bytes of JSON. A single payload may be longer. */
const PAGE_BYTES = 1024 * 1024;
/** Maximum number of ids that a page scans, so that a filter that selects little does not exceed the statement timeout. */
const SCANNED_MAX = 20_000;

/** The segment with the position after $1. */
const FIND_SEGMENT = `
  SELECT segment.first_position, segment.first_id,
         coalesce((SELECT min(first_position) - 1 FROM feed_segments later
                    WHERE later.first_position > segment.first_position), state.last_position) AS last_position
    FROM feed_state state, feed_segments segment
   WHERE state.last_position > $1::bigint AND segment.first_position <= $1::bigint + 1
   ORDER BY segment.first_position DESC LIMIT 1`;

/** $1 first and $2 last id, $3 maximum number of events. `payload` is null for events that exceed the size of the page. */
function buildEventsStatement(condition: string): string {
  return `
  WITH page AS MATERIALIZED (
    SELECT event.id, event.agent_type, event.version, event.type, event.payload::text AS payload, event.actor,
           event.occurred_at, event.recorded_at, event.rules_version, event.hash, event.prev_hash, event.idempotency_key
      FROM agent_events event
     WHERE event.id BETWEEN $1::bigint AND $2::bigint AND ${condition}
     ORDER BY event.id LIMIT $3::integer
  ), sized AS (
    SELECT page.*, sum(octet_length(payload)) OVER (ORDER BY id, agent_type, version) - octet_length(payload) AS before
      FROM page
  )
  SELECT id, agent_type, version, type, CASE WHEN before < ${PAGE_BYTES} THEN payload END AS payload, actor,
         ${clampTime('occurred_at')} AS occurred_at, ${clampTime('recorded_at')} AS recorded_at, rules_version,
         encode(hash, 'hex') AS hash, encode(prev_hash, 'hex') AS prev_hash, idempotency_key
    FROM sized ORDER BY id, agent_type, version`;
}

const ALL_EVENTS = buildEventsStatement('TRUE');

type Row = Omit<FeedEvent, 'position' | 'payload'> & { id: string; payload: string | null };

/** Events in the order of their positions. */
export interface FeedPage {
  events: FeedEvent[];
  /** Last position that the page covers: the selected events up to it are on this page or before it. */
  position: number;
}

const LAST_POSITION = 'SELECT last_position FROM feed_state';

export async function readLastPosition(session: Session): Promise<number> {
  const [row] = await session.query<{ last_position: string }[]>(LAST_POSITION);
  return Number(row?.last_position);
}

/** Reads the next selected events after a position, of one segment. */
export async function readFeedPage(
  session: Session,
  after: number,
  limit: number,
  filter: FeedFilter | null,
): Promise<FeedPage> {
  const [segment] = await session.query<{ first_position: string; first_id: string; last_position: string }[]>(
    FIND_SEGMENT,
    [after],
  );
  if (!segment) return { events: [], position: after };
  const offset = Number(segment.first_position) - Number(segment.first_id);
  const firstId = after + 1 - offset;
  const lastId = Math.min(Number(segment.last_position) - offset, firstId + SCANNED_MAX - 1);
  const { sql, parameters } = buildFilter(filter);
  const rows = await session.query<Row[]>(sql, [firstId, lastId, limit, ...parameters]);
  const fitting = rows.findIndex(({ payload }) => payload === null);
  const shown = fitting === -1 ? rows : rows.slice(0, fitting);
  const events = shown.map(({ id, payload, ...event }) => ({
    position: Number(id) + offset,
    ...event,
    payload: parseJson(payload ?? 'null') as FeedEvent['payload'],
  }));
  const isCut = fitting !== -1 || rows.length === limit;
  return { events, position: isCut ? (events.at(-1)?.position ?? after) : lastId + offset };
}

function buildFilter(filter: FeedFilter | null): { sql: string; parameters: unknown[] } {
  if (filter === null || filter.selectsAll) return { sql: ALL_EVENTS, parameters: [] };
  const { access, agentTypes, types } = filter;
  const limited = buildAgentCondition(access, 4, 'event.agent_type');
  const parameters: unknown[] = [...limited.parameters];
  const conditions = [limited.sql];
  for (const [column, values] of [
    ['agent_type', agentTypes],
    ['type', types],
  ] as const) {
    if (!values) continue;
    parameters.push(values);
    conditions.push(`event.${column} = ANY($${parameters.length + 3}::text[])`);
  }
  return { sql: PLANNED_EACH_TIME + buildEventsStatement(conditions.join(' AND ')), parameters };
}
