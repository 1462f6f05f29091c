import type { Session } from '../transactions/index.js';
import { deleteEvents, forEachRange } from './event-ranges.js';

/*
 * Statements that store an agent under another name. The agent must be locked, and its row must have the version and the
 * hash of its newest event.
 */

/** $1 old name, $2 new name, $3 hash of the newest event. The first statement keeps the row from being marked as edited. */
const UPDATES: [statement: string, parameters: number][] = [
  ['UPDATE agent_metrics SET ledger_hash = NULL WHERE agent_type = $1', 1],
  ['UPDATE agent_metrics SET agent_type = $2, ledger_hash = $3 WHERE agent_type = $1', 3],
  ['UPDATE test_rollups_by_hour SET agent_type = $2 WHERE agent_type = $1', 2],
  ['UPDATE test_rollups_by_kind SET agent_type = $2 WHERE agent_type = $1', 2],
];

const UPDATE_EVENTS = `
  UPDATE agent_events SET agent_type = $2, recorded_as = coalesce(recorded_as, $1)
   WHERE agent_type = $1 AND version > $3 AND version <= $4`;

/** Updates the key of the rows. */
export async function updateKey(session: Session, from: string, to: string, head: Buffer): Promise<void> {
  for (const [statement, parameters] of UPDATES) await session.query(statement, [from, to, head].slice(0, parameters));
  await forEachRange(session, from, async (after, last) => {
    await session.query(UPDATE_EVENTS, [from, to, after, last]);
  });
}

const TABLES = ['agent_metrics', 'agent_events', 'test_rollups_by_hour', 'test_rollups_by_kind'];
/** Names of the columns of a table that are not generated. */
const COLUMNS = `
  SELECT quote_ident(attname) AS name FROM pg_attribute
   WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`;

/** Copies the rows under the new name, and deletes the old ones: the key of a distributed table cannot be updated. */
export async function copyToKey(session: Session, from: string, to: string): Promise<void> {
  for (const table of TABLES) {
    const columns = (await session.query<{ name: string }[]>(COLUMNS, [table])).map(({ name }) => name);
    const values = columns.map((column) => {
      if (column === 'agent_type') return '$2::varchar';
      return column === 'recorded_as' ? 'coalesce(recorded_as, agent_type)' : column;
    });
    const copy = `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${table} WHERE agent_type = $1`;
    if (table === 'agent_events') {
      await forEachRange(session, from, async (after, last) => {
        await session.query(`${copy} AND version > $3 AND version <= $4`, [from, to, after, last]);
      });
      await deleteEvents(session, from);
      continue;
    }
    await session.query(copy, [from, to]);
    await session.query(`DELETE FROM ${table} WHERE agent_type = $1`, [from]);
  }
}
