import type { Session } from '../transactions/index.js';
import { awaitPipelined } from '../client/index.js';
import * as rollups from '../migrations/index.js';
import { insertRollupRows, readRollupRows } from './rollup-rows.js';
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

/** Rows to add to a rollup of tests. */
interface Addition {
  /** SELECT of the rows. */
  rows: string;
  rollup: rollups.TestRollupTable;
}
const buildAdditions = (contributions: string): [byHour: Addition, byKind: Addition] => {
  const build = (rollup: rollups.TestRollupTable): Addition => ({
    rows: rollups.sumContributions(rollup, `(${contributions}\n) contribution`, SLOT),
    rollup,
  });
  return [build(rollups.BY_HOUR), build(rollups.BY_KIND)];
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
  await addRows(session, ADD_TESTS, events);
  const voided = await findVoided(session, events);
  if (voided.length > 0) await addRows(session, SUBTRACT_TESTS, voided);
}

/** Computes the rows on the coordinator, then sends them to their shards. */
async function addRows(
  session: Session,
  [byHour, byKind]: readonly [Addition, Addition],
  events: readonly CountedEvent[],
): Promise<void> {
  const parameters = [JSON.stringify(events.map(toCounted))];
  const [hours, kinds] = await awaitPipelined(
    readRollupRows(session, byHour.rollup, byHour.rows, parameters),
    readRollupRows(session, byKind.rollup, byKind.rows, parameters),
  );
  await awaitPipelined(
    insertRollupRows(session, byHour.rollup, hours),
    insertRollupRows(session, byKind.rollup, kinds),
  );
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
  await copyRows(session, buildAdditions(rollups.selectDistributedContributions(`${events} event`, 1)), parameters);
  const voided = rollups.voidedByDistributed('', events);
  await copyRows(session, buildAdditions(rollups.selectDistributedContributions(voided, -1)), parameters);
}

/** Adds many rows without reading them: Citus copies them to all shards. */
async function copyRows(
  session: Session,
  additions: readonly [Addition, Addition],
  parameters: readonly unknown[],
): Promise<void> {
  const [byHour, byKind] = additions.map(
    ({ rows, rollup }) =>
      `INSERT INTO ${rollup.table} AS kept (${rollups.listColumns(rollup)})${rows}${rollups.addToKept(rollup)}`,
  ) as [string, string];
  await awaitPipelined(session.query(byHour, [...parameters]), session.query(byKind, [...parameters]));
}

function toJson(agents: readonly CountedAgent[]): string {
  return JSON.stringify(
    agents.map((agent) => Object.fromEntries(rollups.COUNTED_COLUMNS.map((column) => [column, agent[column]]))),
  );
}
