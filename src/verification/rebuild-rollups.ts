import type { EntityManager } from 'typeorm';
import { OF_ROLLUPS, OF_TESTS, OUTCOMES } from './rollup-sums.js';

/** Adds to a rollup of tests what the events of these agents ($1) have more than it keeps, for them and for all agents. */
const correction = (table: string, key: string): string => {
  const sums = OUTCOMES.join(', ');
  const differences = OUTCOMES.map((sum) => `coalesce(fresh.${sum}, 0) - coalesce(kept.${sum}, 0) AS ${sum}`).join(
    ', ',
  );
  const increments = OUTCOMES.map((sum) => `${sum} = kept.${sum} + excluded.${sum}`).join(', ');
  return `
    WITH difference AS MATERIALIZED (
      SELECT agent_type, ${key}, ${differences}
        FROM (SELECT agent_type, ${key}, ${OF_ROLLUPS} FROM ${table} WHERE agent_type = ANY($1) GROUP BY agent_type, ${key}) kept
        FULL JOIN (SELECT agent_type, ${key}, ${OF_TESTS} FROM agent_tests WHERE agent_type = ANY($1) GROUP BY agent_type, ${key}) fresh
             USING (agent_type, ${key})
    )
    INSERT INTO ${table} AS kept (agent_type, ${key}, slot, ${sums})
    SELECT coalesce(agent_type, '*'), ${key}, CASE WHEN agent_type IS NULL THEN free_rollup_slot() ELSE 0 END,
           ${OUTCOMES.map((sum) => `sum(${sum})`).join(', ')}
      FROM difference WHERE (${sums}) IS DISTINCT FROM (0, 0, 0, 0, 0)
     GROUP BY GROUPING SETS ((agent_type, ${key}), (${key}))
        ON CONFLICT (agent_type, ${key}, slot) DO UPDATE SET ${increments}`;
};

const BY_HOUR = correction('test_rollups_by_hour', 'hour');
const BY_KIND = correction('test_rollups_by_kind', 'category, difficulty');

/** Makes the rollups of these agents what their events say, and changes those of all agents by as much. */
export async function rebuildRollupsOf(manager: EntityManager, agentTypes: readonly string[]): Promise<void> {
  await manager.query(BY_HOUR, [agentTypes]);
  await manager.query(BY_KIND, [agentTypes]);
}

/** Makes all rollups anew. Writes wait until that is committed. */
export async function rebuildAllRollups(manager: EntityManager): Promise<void> {
  await manager.query('SELECT rebuild_rollups()');
}
