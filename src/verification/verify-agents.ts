import type { EntityManager } from 'typeorm';
import { AgentMetrics } from '../agent-metrics/index.js';
import { FetchSize } from '../database/values/index.js';
import { AgentVerifier } from './agent-verifier.js';
import { EVENT_COLUMNS, rowColumn, type StoredEvent, type StoredRow } from './stored.js';

/** How much of the events is read at once, as PostgreSQL stores it: its compression makes long ones a few times shorter. */
const BYTES_AT_ONCE = 1024 * 1024;

/**
 * Checks the events and rows of these agents; nothing of the events is kept in memory.
 *
 * @param onRead is told how many events were read, every so often
 */
export async function verifyAgents(
  manager: EntityManager,
  agentTypes: readonly string[],
  onRead: (events: number) => void = () => undefined,
): Promise<AgentVerifier[]> {
  const verifiers = new Map(agentTypes.map((agentType) => [agentType, new AgentVerifier(agentType)]));
  // Until the transaction ends. PostgreSQL takes short statements on a big ledger for long ones, and compiling them takes
  // longer than running them.
  await manager.query('SET LOCAL jit = off');
  await manager.query(
    `DECLARE events NO SCROLL CURSOR FOR
       SELECT ${EVENT_COLUMNS}, pg_column_size(payload) AS size FROM agent_events WHERE agent_type = ANY($1) ORDER BY agent_type, version`,
    [agentTypes],
  );
  const atOnce = new FetchSize(BYTES_AT_ONCE);
  const fetch = () => manager.query<(StoredEvent & { size: number })[]>(`FETCH ${atOnce.count} FROM events`);
  // PostgreSQL reads the next events while these are checked.
  for (let fetching = fetch(); ;) {
    const events = await fetching;
    if (events.length === 0) break;
    atOnce.record(
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
  return [...verifiers.values()];
}

async function readRows(manager: EntityManager, agentTypes: readonly string[]): Promise<Map<string, StoredRow>> {
  const { columns } = manager.dataSource.getMetadata(AgentMetrics);
  const selected = columns.map(({ databaseName, type }) => rowColumn(databaseName, type)).join(', ');
  const rows = await manager.query<StoredRow[]>(`SELECT ${selected} FROM agent_metrics WHERE agent_type = ANY($1)`, [
    agentTypes,
  ]);
  return new Map(rows.map((row) => [row.agent_type, row]));
}
