import type { Session } from '../transactions/index.js';

/** How rows are inserted into a table. */
export interface Insertion<Row> {
  table: string;
  columns: readonly string[];
  /** Clauses after the rows. Default: none. */
  clauses?: string;
  /** Formats rows as JSON for json_populate_recordset. */
  toJson: (rows: readonly Row[]) => string;
  /** The values of a row, in the order of the columns. */
  toValues: (row: Row) => unknown[];
}

/** Inserts rows in the session's transaction. Returns the rows of a RETURNING clause. */
export type Insert<Row> = (session: Session, rows: readonly Row[]) => Promise<unknown[]>;

/** Inserts all rows by one statement with one parameter. Its text is the same for any number of rows. */
export function buildJsonInsert<Row>({ table, columns, clauses = '', toJson }: Insertion<Row>): Insert<Row> {
  const list = columns.join(', ');
  const statement = `
      INSERT INTO ${table} (${list})
      SELECT ${list} FROM json_populate_recordset(NULL::${table}, $1)${clauses}`;
  return (session, rows) => session.query(statement, [toJson(rows)]);
}
