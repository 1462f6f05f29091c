import type { EntityManager } from 'typeorm';
import { BY_HOUR, BY_KIND, type TestRollupTable } from '../database/migrations/index.js';
import { findTestedNames, selectTests } from './merged-tests.js';
import { NAMED_SUMS, OUTCOMES } from './rollup-sums.js';

/** SQL that adds the difference between events and rollup, for the agents in $1 and for all agents. $2: names of their tests. */
const buildCorrection = ({ table, key, condition }: TestRollupTable): string => {
  const sums = OUTCOMES.join(', ');
  const differences = OUTCOMES.map((sum) => `coalesce(fresh.${sum}, 0) - coalesce(kept.${sum}, 0) AS ${sum}`).join(
    ', ',
  );
  const increments = OUTCOMES.map((sum) => `${sum} = kept.${sum} + excluded.${sum}`).join(', ');
  return `
    WITH difference AS MATERIALIZED (
      SELECT agent_type, ${key}, ${differences}
        FROM (SELECT agent_type, ${key}, ${NAMED_SUMS} FROM ${table} WHERE agent_type = ANY($1) GROUP BY agent_type, ${key}) kept
        FULL JOIN (SELECT agent_type, ${key}, ${NAMED_SUMS} FROM ${selectTests('$2')} WHERE ${condition} GROUP BY agent_type, ${key}) fresh
             USING (agent_type, ${key})
    )
    INSERT INTO ${table} AS kept (agent_type, ${key}, slot, ${sums})
    SELECT coalesce(agent_type, '*'), ${key}, CASE WHEN agent_type IS NULL THEN free_rollup_slot() ELSE 0 END,
           ${OUTCOMES.map((sum) => `sum(${sum})`).join(', ')}
      FROM difference WHERE (${sums}) IS DISTINCT FROM (${OUTCOMES.map(() => '0').join(', ')})
     GROUP BY GROUPING SETS ((agent_type, ${key}), (${key}))
        ON CONFLICT (agent_type, ${key}, slot) DO UPDATE SET ${increments}`;
};

const CORRECT_BY_HOUR = buildCorrection(BY_HOUR);
const CORRECT_BY_KIND = buildCorrection(BY_KIND);

/** Corrects the rollups of the agents from their events, and the rollups over all agents by the same amounts. */
export async function rebuildRollups(manager: EntityManager, agentTypes: readonly string[]): Promise<void> {
  const parameters = [agentTypes, await findTestedNames(manager, agentTypes)];
  await manager.query(CORRECT_BY_HOUR, parameters);
  await manager.query(CORRECT_BY_KIND, parameters);
}

/** Rebuilds all rollups. Blocks writes until the transaction is committed. */
export async function rebuildAllRollups(manager: EntityManager): Promise<void> {
  await manager.query('SELECT rebuild_rollups()');
}
