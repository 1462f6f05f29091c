import type { EntityManager } from 'typeorm';

/** Number of agents per batch. */
const BATCH_SIZE = 500;

/** All agents with a row, events, rollups or earlier names. */
const AGENT_TYPES = `
  SELECT agent_type FROM (
    SELECT agent_type FROM agent_metrics
    UNION SELECT agent_type FROM agent_events
    UNION SELECT agent_type FROM test_rollups_by_hour
    UNION SELECT agent_type FROM test_rollups_by_kind
    UNION SELECT agent_type FROM agent_aliases
  ) known WHERE agent_type <> '*'`;

export async function countAgents(manager: EntityManager): Promise<number> {
  const [all] = await manager.query<{ total: number }[]>(
    `SELECT count(*)::integer AS total FROM (${AGENT_TYPES}) agents`,
  );
  return all?.total ?? 0;
}

/** The types of all agents, in batches. The manager's transaction must stay open until the last batch. */
export async function* readAgentTypes(manager: EntityManager): AsyncGenerator<string[]> {
  await manager.query(`DECLARE agent_types NO SCROLL CURSOR FOR ${AGENT_TYPES}`);
  for (;;) {
    const fetched = await manager.query<{ agent_type: string }[]>(`FETCH ${BATCH_SIZE} FROM agent_types`);
    if (fetched.length === 0) break;
    yield fetched.map(({ agent_type }) => agent_type);
  }
  await manager.query('CLOSE agent_types');
}
