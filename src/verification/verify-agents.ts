import type { EntityManager } from 'typeorm';
import { AgentMetrics } from '../agent-metrics/index.js';
import { FetchSize } from '../database/values/index.js';
import { LEDGER_EVENTS } from '../ledger/index.js';
import { AgentVerifier } from './agent-verifier.js';
import { verifyMerges } from './verify-merges.js';
import { EVENT_COLUMNS, rowColumn, type StoredEvent, type StoredRow } from './stored.js';

/** Target size of a FETCH, in bytes as stored by PostgreSQL (compressed). */
const BYTES_AT_ONCE = 1024 * 1024;

/**
 * Verifies the events and rows of the agents. Memory use does not depend on the number of events.
 *
 * @param manager in a transaction
 * @param onRead called after each FETCH with the number of events it returned
 */
export async function verifyAgents(
  manager: EntityManager,
  agentTypes: readonly string[],
  onRead: (events: number) => void = () => undefined,
): Promise<AgentVerifier[]> {
  const voids = await findVoids(manager, agentTypes);
  const verifiers = new Map(
    agentTypes.map((agentType) => [agentType, new AgentVerifier(agentType, voids.get(agentType) ?? new Map())]),
  );
  // Until the end of the transaction. On a large ledger PostgreSQL overestimates the cost of these short statements, and
  // JIT compilation takes longer than their execution.
  await manager.query('SET LOCAL jit = off');
  await manager.query(
    `DECLARE events NO SCROLL CURSOR FOR
       SELECT ${EVENT_COLUMNS}, pg_column_size(payload) AS size FROM ${LEDGER_EVENTS} WHERE agent_type = ANY($1) ORDER BY agent_type, version`,
    [agentTypes],
  );
  const batchSize = new FetchSize(BYTES_AT_ONCE);
  const fetch = () => manager.query<(StoredEvent & { size: number })[]>(`FETCH ${batchSize.count} FROM events`);
  // The next FETCH runs while these events are verified.
  for (let fetching = fetch(); ;) {
    const events = await fetching;
    if (events.length === 0) break;
    batchSize.record(
      events.length,
      events.reduce((sum, { size }) => sum + size, 0),
    );
    fetching = fetch();
    for (const event of events) verifiers.get(event.agent_type)?.add(event);
    onRead(events.length);
  }
  await manager.query('CLOSE events');
  const rows = await readRows(manager, agentTypes);
  for (const [agentType, verifier] of verifiers) verifier.finish(rows.get(agentType) ?? null);
  await verifyMerges(manager, [...verifiers.values()]);
  return [...verifiers.values()];
}

/** Voided versions of each agent, and the version of the event that voids each. A tampered event may have no version. */
async function findVoids(
  manager: EntityManager,
  agentTypes: readonly string[],
): Promise<Map<string, Map<number, number>>> {
  const rows = await manager.query<{ agent_type: string; version: number; voided: unknown }[]>(
    `SELECT agent_type, version, payload -> 'version' AS voided FROM agent_events
      WHERE agent_type = ANY($1) AND type = 'voided' ORDER BY version DESC`,
    [agentTypes],
  );
  const voids = new Map<string, Map<number, number>>();
  for (const { agent_type, version, voided } of rows) {
    const ofAgent = voids.get(agent_type) ?? new Map<number, number>();
    voids.set(agent_type, ofAgent.set(Number(voided), version));
  }
  return voids;
}

async function readRows(manager: EntityManager, agentTypes: readonly string[]): Promise<Map<string, StoredRow>> {
  const { columns } = manager.dataSource.getMetadata(AgentMetrics);
  const selected = columns.map(({ databaseName, type }) => rowColumn(databaseName, type)).join(', ');
  const rows = await manager.query<StoredRow[]>(`SELECT ${selected} FROM agent_metrics WHERE agent_type = ANY($1)`, [
    agentTypes,
  ]);
  return new Map(rows.map((row) => [row.agent_type, row]));
}
