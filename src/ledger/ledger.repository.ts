import type { Session } from '../database/transactions/index.js';
import { Inject, Injectable } from '@nestjs/common';
import { appendChannel } from '../common/index.js';
import { toByteaText, toParameter } from '../database/values/index.js';
import { type FindRequests, type Insert, STORAGE_FORM, type StorageForm } from '../database/storage/index.js';
import { awaitPipelined } from '../database/client/index.js';
import {
  type AgentEvent,
  type AgentState,
  type Checkpoint,
  CHECKPOINT_INTERVAL,
  type EventResult,
  fromCheckpoint,
} from '../progression/index.js';
import type { AgentEventRecord } from './agent-event.entity.js';
import type { SealedEvent } from './hash-chain.js';
import { METRIC_COLUMNS, toStoredColumns } from './stored-result.js';

const COLUMN_NAMES = [
  'agent_type',
  'version',
  'type',
  'payload',
  'result',
  ...METRIC_COLUMNS,
  'rules_version',
  'actor',
  'idempotency_key',
  'request_hash',
  'occurred_at',
  'recorded_at',
  'prev_hash',
  'hash',
];

/** Select list of a request: see `StorageForm.buildRequestLookup`. */
const REQUEST = `named.owner AS agent_type, event.version, event.idempotency_key, event.request_hash, event.result,
         event.payload - '{evidence,details}'::text[] AS payload,
         CASE WHEN named.is_own THEN event.recorded_as ELSE coalesce(event.recorded_as, event.agent_type) END AS recorded_as`;

/** An AgentEvent and its hash. */
const FOLDED = 'agent_type, version, type, payload, rules_version, occurred_at, recorded_at, hash';
const FIND = `SELECT ${FOLDED} FROM agent_events WHERE agent_type = $1 AND version = $2`;
const READ = `SELECT ${FOLDED} FROM agent_events WHERE agent_type = ANY($1) ORDER BY agent_type, version`;

const FIND_VOIDS = `
  SELECT version, (payload -> 'version')::integer AS voided FROM agent_events
   WHERE agent_type = $1 AND type = 'voided' ORDER BY version`;
/** Without the result, which is not folded. $1 agent type, $2 version of the last event read, $3 maximum number. */
const READ_AFTER = `
  SELECT agent_type, version, type, payload, rules_version, occurred_at, recorded_at, pg_column_size(payload) AS size
    FROM agent_events WHERE agent_type = $1 AND version > $2 ORDER BY version LIMIT $3`;

const FIND_CHECKPOINT = `
  SELECT version, recorded_at, result -> 'checkpoint' AS checkpoint FROM agent_events
   WHERE agent_type = $1 AND version = $2`;
/** The newest version that was recorded until $2, found by bisection: times ascend with the versions. $1 agent type. */
const FIND_VERSION_AT = `
  WITH RECURSIVE search (low, high) AS (
    SELECT 0, max(version) FROM agent_events WHERE agent_type = $1
    UNION ALL
    SELECT CASE WHEN event.recorded_at <= $2 THEN middle ELSE low END,
           CASE WHEN event.recorded_at <= $2 THEN high ELSE middle - 1 END
      FROM (SELECT low, high, (low + high + 1) / 2 AS middle FROM search WHERE low < high) half
      JOIN agent_events event ON event.agent_type = $1 AND event.version = middle
  )
  SELECT low AS version FROM search WHERE low = high`;

/** Request data of an event. */
export type RequestEvent = Pick<AgentEventRecord, 'agent_type' | 'version' | 'idempotency_key' | 'request_hash'> &
  Partial<Pick<AgentEventRecord, 'recorded_as'>> & {
    result: EventResult;
    /** Without evidence and details. */
    payload?: object;
  };

/** INSERT of events on a single server. The parameter holds their rows as JSON. */
export function buildAppend(events: readonly SealedEvent[], parameter: string): { text: string; rows: string } {
  const list = COLUMN_NAMES.join(', ');
  const text = `
      INSERT INTO agent_events (${list})
      SELECT ${list} FROM json_populate_recordset(NULL::agent_events, ${parameter})`;
  return { text, rows: toJson(events) };
}

/** Events of one agent, and the head of its hash chain. */
export interface History {
  events: AgentEvent[];
  head: Buffer;
}

/** The ledger, as writes use it: events are appended and read. Renaming and erasing are in `database/storage/`. */
@Injectable()
export class LedgerRepository {
  private readonly insert: Insert<SealedEvent>;
  private readonly lookUpRequests: FindRequests;

  constructor(@Inject(STORAGE_FORM) private readonly storage: StorageForm) {
    this.insert = storage.buildInsert({ table: 'agent_events', columns: COLUMN_NAMES, toJson, toValues });
    this.lookUpRequests = storage.buildRequestLookup(REQUEST);
  }

  /** Appends events in the session's transaction and adds their tests to the rollups. The agents must be locked. */
  async append(session: Session, events: readonly SealedEvent[]): Promise<void> {
    if (events.length === 0) return;
    const appending = this.insert(session, events);
    await awaitPipelined(appending, this.storage.addToRollups(session, events));
    this.publishAppend(session, events);
  }

  /** Publishes that events were appended in the session's transaction. */
  publishAppend(session: Session, events: readonly SealedEvent[]): void {
    if (appendChannel.hasSubscribers) appendChannel.publish({ session, types: events.map(({ type }) => type) });
  }

  /** Finds the events with these idempotency keys. Lock the agents before, otherwise concurrent events are missed. */
  async findRequests(
    session: Session,
    requests: readonly { agentType: string; key: string }[],
  ): Promise<RequestEvent[]> {
    if (requests.length === 0) return [];
    return (await this.lookUpRequests(session, requests)) as RequestEvent[];
  }

  /** Finds the event of a version of an agent; null if there is none. */
  async findEvent(
    session: Session,
    agentType: string,
    version: number,
  ): Promise<(AgentEvent & { hash: Buffer }) | null> {
    const [event] = await session.query<(AgentEvent & { hash: Buffer })[]>(FIND, [agentType, version]);
    return event ?? null;
  }

  /** Finds the voided versions of an agent, and the version of the event that voided each. */
  async findVoids(session: Session, agentType: string): Promise<Map<number, number>> {
    const voids = await session.query<{ version: number; voided: number }[]>(FIND_VOIDS, [agentType]);
    return new Map(voids.map(({ version, voided }) => [voided, version]));
  }

  /** State of an agent at its newest checkpoint up to a version; null if the ledger has none there. */
  async findCheckpoint(session: Session, agentType: string, version: number): Promise<AgentState | null> {
    const [found] = await session.query<{ version: number; recorded_at: Date; checkpoint: Checkpoint | null }[]>(
      FIND_CHECKPOINT,
      [agentType, version - (version % CHECKPOINT_INTERVAL)],
    );
    return found?.checkpoint ? fromCheckpoint(found.checkpoint, { ...found, agent_type: agentType }) : null;
  }

  /** Version of the newest event that was recorded until a time; 0 if there is none. */
  async findVersionAt(session: Session, agentType: string, time: Date): Promise<number> {
    const [found] = await session.query<{ version: number | null }[]>(FIND_VERSION_AT, [agentType, time]);
    return found?.version ?? 0;
  }

  /**
   * Reads the next events of an agent, oldest first, with the stored size of each.
   *
   * @param version version of the last event read; 0: none
   */
  async readAfter(
    session: Session,
    agentType: string,
    version: number,
    limit: number,
  ): Promise<(AgentEvent & { size: number })[]> {
    return session.query(READ_AFTER, [agentType, version, limit]);
  }

  /** Reads all events of agents, oldest first, and the hash of the newest. Agents without events are omitted. */
  async read(session: Session, agentTypes: readonly string[]): Promise<Map<string, History>> {
    const histories = new Map<string, History>();
    if (agentTypes.length === 0) return histories;
    const events = await session.query<(AgentEvent & { hash: Buffer })[]>(READ, [agentTypes]);
    for (const event of events) {
      const earlier = histories.get(event.agent_type)?.events ?? [];
      earlier.push(event);
      histories.set(event.agent_type, { events: earlier, head: event.hash });
    }
    return histories;
  }
}

function toJson(events: readonly SealedEvent[]): string {
  return `[${events.map(toRow).join()}]`;
}

function toValues(event: SealedEvent): unknown[] {
  const row: Record<string, unknown> = { ...event, ...toStoredColumns(event.result) };
  return COLUMN_NAMES.map((column) => toParameter(row[column]));
}

/** The row of an event as JSON: with the hashes as bytea. Of a repeated key, the last value counts. */
function toRow({ row, request_hash, prev_hash, hash }: SealedEvent): string {
  const hashes = {
    request_hash: request_hash && toByteaText(request_hash),
    prev_hash: toByteaText(prev_hash),
    hash: toByteaText(hash),
  };
  return `${row.slice(0, -1)},${JSON.stringify(hashes).slice(1)}`;
}
