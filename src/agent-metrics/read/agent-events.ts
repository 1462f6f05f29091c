import { Injectable } from '@nestjs/common';
import {
  AgentAccess,
  agentNotFound,
  type CursorKey,
  decodeCursor,
  type Page,
  pick,
  ThrowsDomainErrors,
  toPage,
  validationFailed,
  type WithTimes,
} from '../../common/index.js';
import { PLANNED_EACH_TIME } from '../../database/client/index.js';
import { TransactionRunner } from '../../database/transactions/index.js';
import { assertAgentType } from '../../http/parameters/index.js';
import { parseArgument } from '../../http/validation/index.js';
import { INTEGER_MAX, type JsonObject } from '../../progression/index.js';
import { EVENT_ORDERS, EVENTS_LIMIT, EventsArgument, type EventsRequest } from '../requests/events-query.dto.js';
import { AgentMetricsQueries } from './agent-metrics.queries.js';
import { eventNotFound } from './errors.js';
import { StatementParameters } from './event-conditions.js';
import {
  buildAllEventsPage,
  buildEventsPage,
  EVENTS_PAGE_BYTES,
  type EventPlace,
  FIND_EVENT,
} from './event-statements.js';

/** A recorded event of an agent. */
export interface RecordedEvent {
  /** 1, 2, 3, … per agent, without gaps. */
  version: number;
  type: string;
  /** The accepted command with every decided value. */
  payload: JsonObject;
  /** Name of the key that recorded the event; null if no key was used. */
  actor: string | null;
  /** Time of the event as reported by the client; default: `recorded_at`. */
  occurred_at: Date;
  recorded_at: Date;
  /** Version of the rules that decided the event. */
  rules_version: number;
  /** SHA-256 of the event and the previous hash, in hexadecimal. */
  hash: string;
  /** Hash of the previous event, in hexadecimal; zeros for the first. */
  prev_hash: string;
  /** Version of the event that voided this one; null if it counts. */
  voided_by: number | null;
  /** Idempotency key of the request; null if it had none. Of several events of a request, only the last has the key. */
  idempotency_key: string | null;
}

/** An event, with the current name of its agent. */
export interface EventOfAgent extends RecordedEvent {
  agent_type: string;
}

type Row = Omit<RecordedEvent, 'payload'> & { payload: JsonObject | null; before: number };
type PlacedRow = Row & EventPlace;

const RECORDED = [
  'version',
  'type',
  'payload',
  'actor',
  'occurred_at',
  'recorded_at',
  'rules_version',
  'hash',
  'prev_hash',
  'voided_by',
  'idempotency_key',
] as const;

const isVersion = (version: unknown): version is number =>
  Number.isInteger(version) && Number(version) >= 1 && Number(version) <= INTEGER_MAX;
const isOrder = (key: unknown): boolean => EVENT_ORDERS.some((order) => order === key);
const CURSOR_KEYS = [isOrder, isVersion];
const isId = (key: unknown): boolean => typeof key === 'string' && /^-?\d{1,18}$/.test(key);
const PLACE_KEYS = [isOrder, isId, (key: unknown) => typeof key === 'string', isVersion];

/**
 * Reads the events of an agent from the ledger. All methods throw DomainError only: `validation_failed` if an argument is
 * invalid, `agent_not_found` if the agent does not exist, failures of the database such as `database_unavailable`, and
 * `internal_error`.
 */
@Injectable()
@ThrowsDomainErrors()
export class AgentEvents {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly agents: AgentMetricsQueries,
  ) {}

  /**
   * Lists events, by version. Events that are recorded meanwhile do not move the events of the following pages. A page
   * ends early if its payloads exceed 4 MiB in total.
   *
   * @param request a time may be a Date or ISO 8601 text
   */
  async list(agentType: string, request: WithTimes<EventsRequest> = {}): Promise<Page<RecordedEvent>> {
    assertAgentType(agentType);
    const parsed = parseArgument(request, EventsArgument);
    const { limit = EVENTS_LIMIT, order = 'newest', cursor } = parsed;
    const parameters = new StatementParameters();
    const after = cursor === undefined ? null : decodePosition(cursor, order);
    const statement = buildEventsPage(agentType, { ...parsed, limit }, after, parameters);
    const rows = await this.transactions.read((session) =>
      session.query<Row[]>(PLANNED_EACH_TIME + statement, parameters.values),
    );
    if (rows.length === 0) await this.mustExist(agentType);
    const fitting = rows.filter(({ before }) => before < EVENTS_PAGE_BYTES).length;
    const { items, next_cursor } = toPage(rows, Math.min(limit, fitting), ({ version }) => [order, version]);
    return { items: items.map((row) => pick(row as Row & RecordedEvent, RECORDED)), next_cursor };
  }

  /**
   * Lists the events of all agents, in the order of insertion. Events that are recorded meanwhile do not move the events of
   * the following pages. A transaction that commits late can insert an event before those of earlier pages; to receive every
   * event, use AgentFeed. A page ends early if its payloads exceed 4 MiB in total.
   *
   * @param access agents whose events are listed. Default: all
   */
  async listAll(
    request: WithTimes<EventsRequest> = {},
    access: AgentAccess = AgentAccess.ALL,
  ): Promise<Page<EventOfAgent>> {
    AgentAccess.assert(access);
    const parsed = parseArgument(request, EventsArgument);
    const { limit = EVENTS_LIMIT, order = 'newest', cursor } = parsed;
    const parameters = new StatementParameters();
    const after = cursor === undefined ? null : decodePlace(cursor, order);
    const statement = buildAllEventsPage(access, { ...parsed, limit }, after, parameters);
    const rows = await this.transactions.read((session) =>
      session.query<PlacedRow[]>(PLANNED_EACH_TIME + statement, parameters.values),
    );
    const fitting = rows.filter(({ before }) => before < EVENTS_PAGE_BYTES).length;
    const { items, next_cursor } = toPage(rows, Math.min(limit, fitting), ({ id, agent_type, version }) => [
      order,
      id,
      agent_type,
      version,
    ]);
    return {
      items: items.map((row) => pick(row as PlacedRow & EventOfAgent, ['agent_type', ...RECORDED])),
      next_cursor,
    };
  }

  /**
   * Reads one event.
   *
   * @throws DomainError `event_not_found` if the agent has no event with this version
   */
  async get(agentType: string, version: number): Promise<RecordedEvent> {
    assertAgentType(agentType);
    if (!isVersion(version)) {
      throw validationFailed([{ field: 'version', detail: `must be a whole number from 1 to ${INTEGER_MAX}` }]);
    }
    const [event] = await this.transactions.read((session) =>
      session.query<RecordedEvent[]>(FIND_EVENT, [agentType, version]),
    );
    if (event) return event;
    await this.mustExist(agentType);
    throw eventNotFound(agentType, version);
  }

  private async mustExist(agentType: string): Promise<void> {
    if (!(await this.agents.exists(agentType))) throw agentNotFound(agentType);
  }
}

/** The version in a cursor of this order. */
function decodePosition(cursor: string, order: string): number {
  const [found, version] = decodeCursor(cursor, CURSOR_KEYS);
  assertSameOrder(found, order);
  return Number(version);
}

/** The place in a cursor of this order. */
function decodePlace(cursor: string, order: string): EventPlace {
  const [found, id, agent_type, version] = decodeCursor(cursor, PLACE_KEYS);
  assertSameOrder(found, order);
  return { id: String(id), agent_type: String(agent_type), version: Number(version) };
}

function assertSameOrder(found: CursorKey | undefined, order: string): void {
  if (found === order) return;
  throw validationFailed([
    { field: 'cursor', detail: `is of a list with order=${String(found)}; use it with the same order` },
  ]);
}
