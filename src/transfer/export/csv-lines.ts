import { stringify } from 'csv-stringify/sync';

/** RFC 4180. What is null has no characters and no quotes; empty text is quoted. */
export function csvLines(records: readonly (readonly (string | null)[])[]): string {
  return stringify(
    records.map((record) => [...record]),
    { record_delimiter: '\r\n', quoted_match: [/^$/, /[\r\n]/] },
  );
}
