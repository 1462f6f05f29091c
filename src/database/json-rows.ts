/**
 * Rows as one JSON parameter for `jsonb_populate_recordset(NULL::table, $1)`, which reads each value as the type of
 * its column. One parameter, one statement and one plan for any number of rows.
 */
export function jsonRows(rows: readonly object[]): string {
  return JSON.stringify(rows.map(byteaAsText));
}

/** Only columns are looked at: what a jsonb column holds stays as it is. */
function byteaAsText(row: object): object {
  return Object.fromEntries(
    Object.entries(row).map(([column, value]: [string, unknown]) => [
      column,
      Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value,
    ]),
  );
}
