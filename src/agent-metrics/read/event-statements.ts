import { buildAgentCondition, clampTime, type LimitedAgents } from '../../database/values/index.js';
import type { Outcome } from '../../progression/index.js';
import type { EventsRequest } from '../requests/events-query.dto.js';
import { buildConditions, isTest, type StatementParameters } from './event-conditions.js';

/** Maximum size of the payloads on a page, in bytes of JSON. A single payload may be longer. */
export const EVENTS_PAGE_BYTES = 4 * 1024 * 1024;

const PASSED: Record<Outcome, string> = { passed: 'true', failed: 'false', errored: 'null' };

/** Select list of a recorded event. The scalar subquery uses the index uq_agent_events_voided. */
const EVENT = `event.version, event.type, event.payload, event.actor,
         ${clampTime('event.occurred_at')} AS occurred_at, ${clampTime('event.recorded_at')} AS recorded_at,
         event.rules_version, encode(event.hash, 'hex') AS hash, encode(event.prev_hash, 'hex') AS prev_hash,
         (SELECT voiding.version FROM agent_events voiding
           WHERE voiding.type = 'voided' AND voiding.agent_type = event.agent_type
             AND voiding.payload -> 'version' = to_jsonb(event.version)) AS voided_by,
         event.idempotency_key`;

/** $1 agent type, $2 version. */
export const FIND_EVENT = `SELECT ${EVENT} FROM agent_events event WHERE agent_type = $1 AND version = $2`;

/** Event after which a page begins: its place among all events. */
export interface EventPlace {
  id: string;
  agent_type: string;
  version: number;
}

/**
 * A page of the events of an agent, by version. One more event than the limit is selected, to find out whether there is a
 * next page. `payload` is null for the events that exceed the size of the page: `before` is the size of the preceding
 * payloads.
 *
 * @param after version of the previous event; null: first page
 */
export function buildEventsPage(
  agentType: string,
  request: EventsRequest & { limit: number },
  after: number | null,
  parameters: StatementParameters,
): string {
  const conditions = [`event.agent_type = ${parameters.add(agentType, 'text')}`];
  const { comparison } = getDirection(request);
  if (after !== null) conditions.push(`event.version ${comparison} ${parameters.add(after, 'integer')}`);
  return buildPage(request, conditions, ['version'], parameters);
}

/** Like `buildEventsPage`, for the events of these agents, in the order of insertion. Ids can repeat in manual rows. */
export function buildAllEventsPage(
  access: LimitedAgents,
  request: EventsRequest & { limit: number },
  after: EventPlace | null,
  parameters: StatementParameters,
): string {
  const conditions = [parameters.addCondition((first) => buildAgentCondition(access, first, 'event.agent_type'))];
  const { comparison } = getDirection(request);
  if (after !== null) {
    const { id, agent_type, version } = after;
    const place = [
      parameters.add(id, 'bigint'),
      parameters.add(agent_type, 'text'),
      parameters.add(version, 'integer'),
    ];
    conditions.push(`(event.id, event.agent_type, event.version) ${comparison} (${place.join(', ')})`);
  }
  return buildPage(request, conditions, ['id', 'agent_type', 'version'], parameters);
}

function getDirection({ order = 'newest' }: EventsRequest): { direction: string; comparison: string } {
  return order === 'newest' ? { direction: 'DESC', comparison: '<' } : { direction: 'ASC', comparison: '>' };
}

function buildPage(
  request: EventsRequest & { limit: number },
  conditions: string[],
  keys: readonly string[],
  parameters: StatementParameters,
): string {
  const { type, outcome, limit, ...filter } = request;
  const { direction } = getDirection(request);
  const order = keys.map((key) => `${key} ${direction}`).join(', ');
  if (type !== undefined) conditions.push(`event.type = ${parameters.add(type, 'text')}`);
  if (outcome !== undefined) conditions.push(isTest('event'), `event.payload -> 'passed' = '${PASSED[outcome]}'`);
  conditions.push(...buildConditions(filter, 'event', parameters));
  return `
  WITH page AS MATERIALIZED (
    SELECT event.*, octet_length(event.payload::text) AS bytes FROM agent_events event
     WHERE ${conditions.join('\n       AND ')}
     ORDER BY ${keys.map((key) => `event.${key} ${direction}`).join(', ')} LIMIT ${parameters.add(limit, 'integer')} + 1
  ), event AS (
    SELECT page.*, sum(bytes) OVER (ORDER BY ${order}) - bytes AS before FROM page
  )
  SELECT ${EVENT.replace('event.payload,', `CASE WHEN before < ${EVENTS_PAGE_BYTES} THEN event.payload END AS payload,`)},
         event.id, event.agent_type, before::float8 AS before
    FROM event ORDER BY ${order}`;
}
