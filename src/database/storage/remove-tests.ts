import type { Session } from '../transactions/index.js';
import { BY_HOUR, BY_KIND, SUMS, type TestRollupTable } from '../migrations/index.js';
import { insertRollupRows, readRollupRows } from './rollup-rows.js';

/** In the order in which the trigger writes them, to avoid deadlocks: by_hour is a WITH query, which PostgreSQL executes last. */
const ROLLUPS = [BY_KIND, BY_HOUR];
/** In the order in which they are added on Citus. */
const DISTRIBUTED_ROLLUPS = [BY_HOUR, BY_KIND];

/** Number of keys per statement: the planner does not know the lengths of the JSON arrays that are joined. */
const KEYS_AT_ONCE = 500;

/** Sums of the agents $1 by key, each as JSON of a row of the table: as text, because they may exceed a double. */
function readSums({ table, key }: TestRollupTable): string {
  return `
    SELECT row_to_json(own)::text AS sums
      FROM (SELECT ${key}, ${SUMS.map((sum) => `sum(${sum}) AS ${sum}`).join(', ')}
              FROM ${table} WHERE agent_type = ANY($1) GROUP BY ${key} ORDER BY ${key}) own`;
}

/** Locks the rows over all agents with the keys of $1. Returns their keys and slots as JSON. */
function lockSums({ table, key }: TestRollupTable): string {
  return `
    WITH locked AS (
      SELECT ${key}, kept.slot FROM ${table} kept JOIN json_populate_recordset(NULL::${table}, $1) own USING (${key})
       WHERE kept.agent_type = '*' ORDER BY ${key}, kept.slot FOR UPDATE OF kept)
    SELECT coalesce(json_agg(locked), '[]')::text AS slots FROM locked`;
}

/** Reads the sums of the agents, and deletes their rollups. Returns the sums as JSON arrays, in the order of the keys. */
async function takeSums(session: Session, rollup: TestRollupTable, agentTypes: readonly string[]): Promise<string[]> {
  const taken = await session.query<{ sums: string }[]>(readSums(rollup), [agentTypes]);
  await session.query(`DELETE FROM ${rollup.table} WHERE agent_type = ANY($1)`, [agentTypes]);
  const arrays: string[] = [];
  for (let from = 0; from < taken.length; from += KEYS_AT_ONCE) {
    const some = taken.slice(from, from + KEYS_AT_ONCE);
    arrays.push(`[${some.map(({ sums }) => sums).join(',')}]`);
  }
  return arrays;
}

/**
 * Deletes the rollups of agents, and subtracts them from the sums over all agents. A sum of nothing is deleted, too, because
 * its key may be a category of the deleted agents only.
 */
export async function removeTests(session: Session, agentTypes: readonly string[]): Promise<void> {
  for (const rollup of ROLLUPS) {
    for (const sums of await takeSums(session, rollup, agentTypes)) {
      const [locked] = await session.query<{ slots: string }[]>(lockSums(rollup), [sums]);
      await session.query(subtractSums(rollup), [sums, locked?.slots ?? '[]']);
    }
  }
}

/** Adds the locked rows $2 of each key to the first one, without the sums $1, and deletes the others. */
function subtractSums({ table, key }: TestRollupTable): string {
  const keys = key.split(', ');
  const isKey = (one: string, other: string): string =>
    keys.map((each) => `${one}.${each} = ${other}.${each}`).join(' AND ');
  const isNothing = `(${SUMS.map((sum) => `total.${sum}`).join(', ')}) = (${SUMS.map(() => '0').join(', ')})`;
  return `
    WITH slot AS (
      SELECT kept.* FROM ${table} kept JOIN json_populate_recordset(NULL::${table}, $2) locked
          ON ${isKey('kept', 'locked')} AND kept.slot = locked.slot
       WHERE kept.agent_type = '*'
    ), total AS (
      SELECT ${keys.map((each) => `slot.${each}`).join(', ')}, min(slot.slot) AS slot,
             ${SUMS.map((sum) => `sum(slot.${sum}) - min(own.${sum}) AS ${sum}`).join(', ')}
        FROM slot JOIN json_populate_recordset(NULL::${table}, $1) own ON ${isKey('slot', 'own')}
       GROUP BY ${keys.map((each) => `slot.${each}`).join(', ')}
    ), removed AS (
      DELETE FROM ${table} kept USING slot, total
       WHERE kept.agent_type = '*' AND ${isKey('kept', 'slot')} AND kept.slot = slot.slot AND ${isKey('total', 'slot')}
         AND (kept.slot <> total.slot OR ${isNothing})
    )
    UPDATE ${table} kept SET ${SUMS.map((sum) => `${sum} = total.${sum}`).join(', ')}
      FROM total
     WHERE kept.agent_type = '*' AND ${isKey('kept', 'total')} AND kept.slot = total.slot AND NOT ${isNothing}`;
}

/** Like removeTests, with one statement for each server. Sums of nothing remain. */
export async function removeDistributedTests(session: Session, agentTypes: readonly string[]): Promise<void> {
  for (const rollup of DISTRIBUTED_ROLLUPS) {
    for (const sums of await takeSums(session, rollup, agentTypes)) {
      const rows = await readRollupRows(session, rollup, selectNegative(rollup), [sums]);
      await insertRollupRows(session, rollup, rows);
    }
  }
}

/** $1 sums. */
function selectNegative({ table, key }: TestRollupTable): string {
  return `
    SELECT '*', ${key}, free_rollup_slot(), ${SUMS.map((sum) => `-${sum}`).join(', ')}
      FROM json_populate_recordset(NULL::${table}, $1)`;
}
