import { BY_HOUR, BY_KIND, listColumns, SUMS, type TestRollupTable } from '../migrations/index.js';
import type { Session } from '../transactions/index.js';

/** $1 agent, $2 agent to which its rollups are added. */
function addToOther(rollup: TestRollupTable): string {
  const { table, key } = rollup;
  return `
    INSERT INTO ${table} AS kept (${listColumns(rollup)})
    SELECT $2::varchar, ${key}, slot, ${SUMS.join(', ')} FROM ${table} WHERE agent_type = $1
     ORDER BY ${key}, slot
        ON CONFLICT (agent_type, ${key}, slot) DO UPDATE SET ${SUMS.map((sum) => `${sum} = kept.${sum} + excluded.${sum}`).join(', ')}`;
}

/** Adds the rollups of an agent to those of another one, and deletes them. */
export async function moveTestRollups(session: Session, from: string, to: string): Promise<void> {
  for (const rollup of [BY_HOUR, BY_KIND]) {
    await session.query(addToOther(rollup), [from, to]);
    await session.query(`DELETE FROM ${rollup.table} WHERE agent_type = $1`, [from]);
  }
}
