import type { Session } from '../transactions/index.js';
import { addToKept, listColumns, type TestRollupTable } from '../migrations/index.js';
import { insertValues } from './values-insert.js';

/** A row of a rollup of tests: the values of its columns as text, which keeps numbers exact. */
export type RollupRow = readonly (string | null)[];

/** @param select SELECT of the columns of the rollup, which reads no distributed table */
export async function readRollupRows(
  session: Session,
  rollup: TestRollupTable,
  select: string,
  parameters: readonly unknown[],
): Promise<RollupRow[]> {
  const columns = listColumns(rollup);
  const texts = columns.split(', ').map((column) => `${column}::text`);
  const statement = `SELECT ARRAY[${texts.join(', ')}] AS row FROM (${select}) added (${columns})`;
  const rows = await session.query<{ row: RollupRow }[]>(statement, [...parameters]);
  return rows.map(({ row }) => row);
}

/** Inserts rows, or adds them to those with the same key. */
export async function insertRollupRows(
  session: Session,
  rollup: TestRollupTable,
  rows: readonly RollupRow[],
): Promise<void> {
  const target = {
    table: `${rollup.table} AS kept`,
    columns: listColumns(rollup).split(', '),
    clauses: addToKept(rollup),
  };
  await insertValues(session, target, rows);
}
