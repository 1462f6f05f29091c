import type { EntityManager } from 'typeorm';
import { addAgents, addTests, BY_HOUR, BY_KIND, COUNTED_COLUMNS, testsOf } from '../database/migrations/index.js';
import { sentTogether } from '../database/client/index.js';

/*
 * What triggers do on a single server, as statements of the service: of the same SQL. Citus has no such triggers on
 * distributed tables, but takes all that doesn't read them as a source: it is computed where the statement is sent to.
 */

/** The lowest slot that no other transaction has; asked again, it is the same one or another that nobody has. */
const SLOT = 'free_rollup_slot()';
const ADD_AGENTS = addAgents(
  '',
  [
    [-1, 'json_populate_recordset(NULL::agent_metrics, $1)'],
    [1, 'json_populate_recordset(NULL::agent_metrics, $2)'],
  ],
  SLOT,
);
type Additions = [byHour: string, byKind: string];
const addTestsFrom = (events: string): Additions => {
  const tests = `(${testsOf(events)}\n) test`;
  return [addTests('', BY_HOUR, tests, SLOT), addTests('', BY_KIND, tests, SLOT)];
};
const ADD_TESTS = addTestsFrom('json_populate_recordset(NULL::agent_events, $1)');

/** What is added up of an agent. */
export type CountedAgent = Readonly<Record<(typeof COUNTED_COLUMNS)[number], unknown>>;

/** What is added up of an event. */
export interface CountedEvent {
  agent_type: string;
  type: string;
  payload: unknown;
  occurred_at: Date;
}

/** Takes agents as they were from the rollups, and adds them as they are now, in the manager's transaction. */
export async function addAgentsToRollups(
  manager: EntityManager,
  before: readonly CountedAgent[],
  after: readonly CountedAgent[],
): Promise<void> {
  await manager.query(ADD_AGENTS, [jsonOf(before), jsonOf(after)]);
}

/** Adds the tests among these events to the rollups, in the manager's transaction. */
export async function addTestsToRollups(manager: EntityManager, events: readonly CountedEvent[]): Promise<void> {
  const counted = events.map(({ agent_type, type, payload, occurred_at }) => ({
    agent_type,
    type,
    payload,
    occurred_at,
  }));
  await addTestsOf(manager, ADD_TESTS, [JSON.stringify(counted)]);
}

/**
 * As `addTestsToRollups`, of events in a table of the session's own.
 *
 * @param events what to select them from, with these parameters
 */
export async function addStagedTestsToRollups(
  manager: EntityManager,
  events: string,
  parameters: readonly unknown[],
): Promise<void> {
  // In the order of all others, so that no two transactions wait for each other: agents, then tests.
  await manager.query('LOCK TABLE agent_rollups IN ROW EXCLUSIVE MODE');
  await addTestsOf(manager, addTestsFrom(events), parameters);
}

async function addTestsOf(manager: EntityManager, [byHour, byKind]: Additions, parameters: readonly unknown[]) {
  await sentTogether(manager.query(byHour, [...parameters]), manager.query(byKind, [...parameters]));
}

function jsonOf(agents: readonly CountedAgent[]): string {
  return JSON.stringify(
    agents.map((agent) => Object.fromEntries(COUNTED_COLUMNS.map((column) => [column, agent[column]]))),
  );
}
