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
const buildAdditions = (events: string): Additions => {
  const tests = `(${rollups.selectTests(events)}\n) test`;
  return [rollups.addTests('', rollups.BY_HOUR, tests, SLOT), rollups.addTests('', rollups.BY_KIND, tests, SLOT)];
};
const ADD_TESTS = buildAdditions('json_populate_recordset(NULL::agent_events, $1)');

export async function addAgents(
  session: Session,
  before: readonly CountedAgent[],
  after: readonly CountedAgent[],
): Promise<void> {
  await session.query(ADD_AGENTS, [toJson(before), toJson(after)]);
}

export async function addTests(session: Session, events: readonly CountedEvent[]): Promise<void> {
  const counted = events.map(({ agent_type, type, payload, occurred_at }) => ({
    agent_type,
    type,
    payload,
    occurred_at,
  }));
  await runAdditions(session, ADD_TESTS, [JSON.stringify(counted)]);
}

export async function addStagedTests(session: Session, events: string, parameters: readonly unknown[]): Promise<void> {
  // All transactions add agents first, then tests, which prevents deadlocks.
  await session.query('LOCK TABLE agent_rollups IN ROW EXCLUSIVE MODE');
  await runAdditions(session, buildAdditions(events), parameters);
}

async function runAdditions(session: Session, [byHour, byKind]: Additions, parameters: readonly unknown[]) {
  await awaitPipelined(session.query(byHour, [...parameters]), session.query(byKind, [...parameters]));
}

function toJson(agents: readonly CountedAgent[]): string {
  return JSON.stringify(
    agents.map((agent) => Object.fromEntries(rollups.COUNTED_COLUMNS.map((column) => [column, agent[column]]))),
  );
}
