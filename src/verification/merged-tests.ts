import type { EntityManager } from 'typeorm';
import { SUMS } from '../database/migrations/index.js';

/** Agents merged into the agents $1, and those of $1 that were merged themselves. */
const MERGED = `
  SELECT name, agent_type FROM agent_aliases WHERE kind = 'merged' AND (name = ANY($1) OR agent_type = ANY($1))`;

/** Names under which the tests of agents are recorded: their own, and those of agents that were merged into them. */
export async function findTestedNames(manager: EntityManager, agentTypes: readonly string[]): Promise<string[]> {
  const merged = await manager.query<{ name: string; agent_type: string }[]>(MERGED, [agentTypes]);
  const names = new Set(agentTypes);
  for (const { name } of merged) names.delete(name);
  for (const { name, agent_type } of merged) if (agentTypes.includes(agent_type)) names.add(name);
  return [...names];
}

/** FROM item: contributions of the events with these names, by the agents that they count for. */
export function selectTests(names: string): string {
  return `(
    SELECT coalesce(merged.agent_type, test.agent_type) AS agent_type, hour, category, difficulty, is_test, ${SUMS.join(', ')}
      FROM agent_tests test LEFT JOIN agent_aliases merged ON merged.name = test.agent_type AND merged.kind = 'merged'
     WHERE test.agent_type = ANY(${names})
  ) tested`;
}
