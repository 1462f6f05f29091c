import type { Session } from '../transactions/index.js';
import { PLANNED_EACH_TIME } from '../client/index.js';
import type { Insert, Insertion } from './insertion.js';

/** Maximum number of parameters of a statement, a limit of the protocol of PostgreSQL. */
const PARAMETERS_MAX = 65_535;

/** Target of rows: the table, optionally with an alias, and its columns. */
export interface ValuesTarget {
  table: string;
  columns: readonly string[];
  /** Clauses after the rows. Default: none. */
  clauses?: string;
}

/**
 * Inserts rows as VALUES, which Citus sends to their shards only. For an INSERT … SELECT from a function, it would run a COPY
 * for each shard of the table. The statements are not prepared: their texts depend on the number of rows.
 */
export async function insertValues(
  session: Session,
  { table, columns, clauses = '' }: ValuesTarget,
  rows: readonly (readonly unknown[])[],
): Promise<unknown[]> {
  const head = `${PLANNED_EACH_TIME} INSERT INTO ${table} (${columns.join(', ')}) VALUES `;
  const rowsAtOnce = Math.floor(PARAMETERS_MAX / columns.length);
  const returned: unknown[] = [];
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const some = rows.slice(from, from + rowsAtOnce);
    const statement = `${head}${listParameters(some.length, columns.length)}${clauses}`;
    for (const row of await session.query<unknown[]>(statement, some.flat())) returned.push(row);
  }
  return returned;
}

/** See `insertValues`. */
export function buildValuesInsert<Row>({ toValues, ...target }: Insertion<Row>): Insert<Row> {
  return (session, rows) => insertValues(session, target, rows.map(toValues));
}

/** `($1, $2), ($3, $4), …` */
function listParameters(rows: number, columns: number): string {
  let last = 0;
  const lists = Array.from(
    { length: rows },
    () => `(${Array.from({ length: columns }, () => `$${(last += 1)}`).join(', ')})`,
  );
  return lists.join(', ');
}
