import type { DataSource, EntityManager } from 'typeorm';
import { AgentMetrics } from '../agent-metrics/agent-metrics.entity.js';
import { AgentVerifier } from './agent-verifier.js';
import type { Difference } from './difference.js';
import { agentRollupDifferences, sumDifferences, testRollupDifferences } from './rollup-differences.js';
import { EVENT_COLUMNS, rowColumn, type StoredEvent, type StoredRow } from './stored.js';

/** Agents that are looked at together, and events that are read at once. */
const AGENTS_AT_ONCE = 500;
const EVENTS_AT_ONCE = 2_000;
/** Differences that are named; all are counted. */
const MOST_NAMED = 1_000;

/** Is told how far a verification is. */
export type Report = (soFar: Verification) => void;

export interface Verification {
  /** How many agents there are in all. */
  totalAgents: number;
  /** How many of them were looked at. */
  agents: number;
  events: number;
  differences: number;
  /** The first of them, at most 1,000. */
  named: Difference[];
}

const AGENT_TYPES = `
  SELECT agent_type FROM (
    SELECT agent_type FROM agent_metrics
    UNION SELECT agent_type FROM agent_events
    UNION SELECT agent_type FROM test_rollups_by_hour
    UNION SELECT agent_type FROM test_rollups_by_kind
  ) known WHERE agent_type <> '*'`;

/** As `verifyIn`, of the database as it is at one moment, whoever goes on writing. */
export async function verify(dataSource: DataSource, report?: Report): Promise<Verification> {
  return dataSource.transaction('REPEATABLE READ', async (manager) => {
    await manager.query('SET TRANSACTION READ ONLY');
    return verifyIn(manager, report);
  });
}

/**
 * Folds the ledger of every agent and compares what comes out with its row and with the rollups; checks that versions
 * have no gap and that each event is what its hash says. Reads in bounded memory, and changes nothing.
 *
 * @param report is told how far it is, every so often
 */
export async function verifyIn(manager: EntityManager, report: Report = () => undefined): Promise<Verification> {
  const [all] = await manager.query<{ total: number }[]>(
    `SELECT count(*)::integer AS total FROM (${AGENT_TYPES}) agents`,
  );
  const found: Verification = { totalAgents: all?.total ?? 0, agents: 0, events: 0, differences: 0, named: [] };
  const note = (differences: readonly Difference[]): void => {
    found.differences += differences.length;
    found.named.push(...differences.slice(0, MOST_NAMED - found.named.length));
  };
  await manager.query(`DECLARE agent_types NO SCROLL CURSOR FOR ${AGENT_TYPES}`);
  for (;;) {
    const fetched = await manager.query<{ agent_type: string }[]>(`FETCH ${AGENTS_AT_ONCE} FROM agent_types`);
    if (fetched.length === 0) break;
    const agentTypes = fetched.map(({ agent_type }) => agent_type);
    const rows = await readRows(manager, agentTypes);
    const verifiers = await addEvents(manager, agentTypes, (count) => {
      found.events += count;
      report(found);
    });
    for (const verifier of verifiers) {
      verifier.finish(rows.get(verifier.agentType) ?? null);
      note(verifier.differences);
    }
    note(await testRollupDifferences(manager, agentTypes));
    found.agents += agentTypes.length;
    report(found);
  }
  await manager.query('CLOSE agent_types');
  note(await sumDifferences(manager));
  note(await agentRollupDifferences(manager));
  return found;
}

async function readRows(manager: EntityManager, agentTypes: readonly string[]): Promise<Map<string, StoredRow>> {
  const { columns } = manager.dataSource.getMetadata(AgentMetrics);
  const selected = columns.map(({ databaseName, type }) => rowColumn(databaseName, type)).join(', ');
  const rows = await manager.query<StoredRow[]>(`SELECT ${selected} FROM agent_metrics WHERE agent_type = ANY($1)`, [
    agentTypes,
  ]);
  return new Map(rows.map((row) => [row.agent_type, row]));
}

/** Reads the events of these agents, in any order of the agents, and hands each to its agent's verifier. */
async function addEvents(
  manager: EntityManager,
  agentTypes: readonly string[],
  onRead: (events: number) => void,
): Promise<AgentVerifier[]> {
  const verifiers = new Map(agentTypes.map((agentType) => [agentType, new AgentVerifier(agentType)]));
  await manager.query(
    `DECLARE events NO SCROLL CURSOR FOR
       SELECT ${EVENT_COLUMNS} FROM agent_events WHERE agent_type = ANY($1) ORDER BY agent_type, version`,
    [agentTypes],
  );
  for (;;) {
    const events = await manager.query<StoredEvent[]>(`FETCH ${EVENTS_AT_ONCE} FROM events`);
    for (const event of events) verifiers.get(event.agent_type)?.add(event);
    onRead(events.length);
    if (events.length < EVENTS_AT_ONCE) break;
  }
  await manager.query('CLOSE events');
  return [...verifiers.values()];
}
