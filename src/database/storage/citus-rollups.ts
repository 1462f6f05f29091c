import type { Session } from '../transactions/index.js';
import { awaitPipelined } from '../client/index.js';
import * as rollups from '../migrations/index.js';
import type { CountedAgent, CountedEvent } from './storage-form.js';

/*
 * The work of the rollup triggers, as statements of the service, from the same SQL. Citus has no such triggers on distributed
 * tables, but accepts any source that does not read them: it is computed on the server that receives the statement.
 */

/** The lowest slot that no other transaction uses. */
const SLOT = 'free_rollup_slot()';
const ADD_AGENTS = rollups.addAgents(
  '',
  [
    [-1, 'json_populate_recordset(NULL::agent_metrics, $1)'],
    [1, 'json_populate_recordset(NULL::agent_metrics, $2)'],
  ],
  SLOT,
);
type Additions = [byHour: string, byKind: string];
const buildAdditions = (contributions: string): Additions => {
  const from = `(${contributions}\n) contribution`;
  return [
    rollups.addContributions('', rollups.BY_HOUR, from, SLOT),
    rollups.addContributions('', rollups.BY_KIND, from, SLOT),
  ];
};
const ADDED = 'json_populate_recordset(NULL::agent_events, $1) event';
const ADD_TESTS = buildAdditions(rollups.selectDistributedContributions(ADDED, 1));
const SUBTRACT_TESTS = buildAdditions(rollups.selectDistributedContributions(ADDED, -1));
/** $1 agent type, $2 versions. */
const FIND_VOIDED =
  'SELECT agent_type, type, payload, occurred_at FROM agent_events WHERE agent_type = $1 AND version = ANY($2)';

export async function addAgents(
  session: Session,
  before: readonly CountedAgent[],
  after: readonly CountedAgent[],
): Promise<void> {
  await session.query(ADD_AGENTS, [toJson(before), toJson(after)]);
}

export async function addTests(session: Session, events: readonly CountedEvent[]): Promise<void> {
  await runAdditions(session, ADD_TESTS, [JSON.stringify(events.map(toCounted))]);
  const voided = await findVoided(session, events);
  if (voided.length > 0) await runAdditions(session, SUBTRACT_TESTS, [JSON.stringify(voided.map(toCounted))]);
}

/** Reads the events that were voided by these events. */
async function findVoided(session: Session, events: readonly CountedEvent[]): Promise<CountedEvent[]> {
  const found: CountedEvent[] = [];
  for (const { agent_type, type, payload } of events) {
    if (type !== 'voided') continue;
    const { version } = payload as { version: number };
    found.push(...(await session.query<CountedEvent[]>(FIND_VOIDED, [agent_type, [version]])));
  }
  return found;
}

function toCounted({ agent_type, type, payload, occurred_at }: CountedEvent): CountedEvent {
  return { agent_type, type, payload, occurred_at };
}

export async function addStagedTests(session: Session, events: string, parameters: readonly unknown[]): Promise<void> {
  // All transactions add agents first, then tests, which prevents deadlocks.
  await session.query('LOCK TABLE agent_rollups IN ROW EXCLUSIVE MODE');
  await runAdditions(session, buildAdditions(rollups.selectDistributedContributions(`${events} event`, 1)), parameters);
  const voided = rollups.voidedByDistributed('', events);
  await runAdditions(session, buildAdditions(rollups.selectDistributedContributions(voided, -1)), parameters);
}

async function runAdditions(session: Session, [byHour, byKind]: Additions, parameters: readonly unknown[]) {
  await awaitPipelined(session.query(byHour, [...parameters]), session.query(byKind, [...parameters]));
}

function toJson(agents: readonly CountedAgent[]): string {
  return JSON.stringify(
    agents.map((agent) => Object.fromEntries(rollups.COUNTED_COLUMNS.map((column) => [column, agent[column]]))),
  );
}
