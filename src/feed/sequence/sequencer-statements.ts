import type { Session } from '../../database/transactions/index.js';
import { PLANNED_EACH_TIME } from '../../database/client/index.js';
import type { FeedEnd, IdRange, Segment } from './extend-feed.js';

/** Maximum number of events that a round of the sequencer reads. */
export const ROUND_MAX = 10_000;
/** Maximum number of passed gaps that a round checks. */
export const GAPS_MAX = 500;

/** State of the feed, and of the ledger behind it. */
export interface Backlog {
  lastId: number;
  lastPosition: number;
  /** Largest id of a visible event. */
  newestId: number;
  hasGaps: boolean;
}

const READ_BACKLOG = `
  SELECT last_id, last_position, coalesce(newest.id, 0) AS newest_id, gap.first_id IS NOT NULL AS has_gaps
    FROM feed_state
   CROSS JOIN (SELECT max(id) AS id FROM agent_events) newest
    LEFT JOIN (SELECT first_id FROM feed_gaps LIMIT 1) gap ON true`;

/** Reads how far the feed is. */
export async function readBacklog(session: Session): Promise<Backlog> {
  const [row] =
    await session.query<{ last_id: string; last_position: string; newest_id: string; has_gaps: boolean }[]>(
      READ_BACKLOG,
    );
  if (!row) throw new Error('the table feed_state has no row');
  return {
    lastId: Number(row.last_id),
    lastPosition: Number(row.last_position),
    newestId: Number(row.newest_id),
    hasGaps: row.has_gaps,
  };
}

/** Locks the feed, unless another instance has locked it. */
const LOCK = 'SELECT last_id, last_position FROM feed_state FOR UPDATE SKIP LOCKED';

/**
 * A statement of its own, because the snapshot of the locking one may be older than the lock. `limit_id`: the last id of the
 * sequence; larger ones were inserted manually. `end_id`: id at the last position, by the last segment.
 */
const READ_END = `
  SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('agent_events', 'id')::regclass), 0) AS limit_id,
         (SELECT first_id + $1::bigint - first_position FROM feed_segments
           ORDER BY first_position DESC LIMIT 1) AS end_id`;

export interface LockedFeed extends FeedEnd {
  limitId: number;
}

/** Locks the feed until the transaction ends. Returns null if it is locked already. */
export async function lockFeed(session: Session): Promise<LockedFeed | null> {
  const [row] = await session.query<{ last_id: string; last_position: string }[]>(LOCK);
  if (!row) return null;
  const { last_id, last_position } = row;
  const [end] = await session.query<{ limit_id: string; end_id: string | null }[]>(READ_END, [last_position]);
  return {
    lastId: Number(last_id),
    lastPosition: Number(last_position),
    continuous: end?.end_id === last_id,
    limitId: Number(end?.limit_id),
  };
}

/** Transactions that may have inserted events: their locks on the table. A prepared transaction is `-1/` and its id. */
const READ_WRITERS = `
  SELECT DISTINCT virtualtransaction AS writer FROM pg_locks
   WHERE locktype = 'relation' AND relation = 'agent_events'::regclass AND mode = 'RowExclusiveLock' AND granted
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

export async function readWriters(session: Session): Promise<string[]> {
  const rows = await session.query<{ writer: string }[]>(READ_WRITERS);
  return rows.map(({ writer }) => writer);
}

/** Groups the ids of `page` to ranges. */
const TO_RANGES = `
  SELECT min(id) AS first, max(id) AS last
    FROM (SELECT id, id - dense_rank() OVER (ORDER BY id) AS island FROM page) numbered
   GROUP BY island ORDER BY 1`;
const READ_COMMITTED = `
  WITH page AS MATERIALIZED (
    SELECT id FROM agent_events WHERE id > $1 AND id <= $2 ORDER BY id LIMIT ${ROUND_MAX})
  ${TO_RANGES}`;

/** Reads the visible ids after `after`, up to `limit`, in ascending ranges; at most ROUND_MAX. */
export async function readCommitted(session: Session, after: number, limit: number): Promise<IdRange[]> {
  return toRanges(await session.query<RangeRow[]>(READ_COMMITTED, [after, limit]));
}

/** Reads visible ids in these gaps, like `readCommitted`. */
export async function readLate(session: Session, gaps: readonly IdRange[]): Promise<IdRange[]> {
  const conditions = gaps.map((_, index) => `id BETWEEN $${2 * index + 1} AND $${2 * index + 2}`);
  const statement = `${PLANNED_EACH_TIME}
  WITH page AS MATERIALIZED (
    SELECT id FROM agent_events WHERE ${conditions.join(' OR ')} ORDER BY id LIMIT ${ROUND_MAX})
  ${TO_RANGES}`;
  return toRanges(
    await session.query<RangeRow[]>(
      statement,
      gaps.flatMap(({ first, last }) => [first, last]),
    ),
  );
}

interface RangeRow {
  first: string;
  last: string;
}
const toRanges = (rows: readonly RangeRow[]): IdRange[] =>
  rows.map(({ first, last }) => ({ first: Number(first), last: Number(last) }));

const READ_GAPS = `
  SELECT first_id AS first, last_id AS last FROM feed_gaps WHERE first_id > $1 ORDER BY first_id LIMIT ${GAPS_MAX}`;

/** Reads passed gaps after this id. */
export async function readGaps(session: Session, after: number): Promise<IdRange[]> {
  return toRanges(await session.query<RangeRow[]>(READ_GAPS, [after]));
}

const DELETE_GAPS = 'DELETE FROM feed_gaps WHERE first_id = ANY($1::bigint[])';
const ADD_GAPS = 'INSERT INTO feed_gaps (first_id, last_id) SELECT * FROM unnest($1::bigint[], $2::bigint[])';
const ADD_SEGMENTS =
  'INSERT INTO feed_segments (first_position, first_id) SELECT * FROM unnest($1::bigint[], $2::bigint[])';
const SET_END = 'UPDATE feed_state SET last_id = $1, last_position = $2';

export async function deleteGaps(session: Session, gaps: readonly IdRange[]): Promise<void> {
  if (gaps.length > 0) await session.query(DELETE_GAPS, [gaps.map(({ first }) => first)]);
}

export async function addGaps(session: Session, gaps: readonly IdRange[]): Promise<void> {
  if (gaps.length > 0) await session.query(ADD_GAPS, [gaps.map(({ first }) => first), gaps.map(({ last }) => last)]);
}

export async function addSegments(session: Session, segments: readonly Segment[]): Promise<void> {
  if (segments.length === 0) return;
  const positions = segments.map(({ first_position }) => first_position);
  await session.query(ADD_SEGMENTS, [positions, segments.map(({ first_id }) => first_id)]);
}

export async function setEnd(session: Session, end: Pick<FeedEnd, 'lastId' | 'lastPosition'>): Promise<void> {
  await session.query(SET_END, [end.lastId, end.lastPosition]);
}
