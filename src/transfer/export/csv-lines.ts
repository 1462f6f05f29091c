import { stringify } from 'csv-stringify/sync';

/** Formats records according to RFC 4180. null is an empty cell; empty text is a quoted cell. */
export function formatCsvLines(records: readonly (readonly (string | null)[])[]): string {
  return stringify(
    records.map((record) => [...record]),
    { record_delimiter: '\r\n', quoted_match: [/^$/, /[\r\n]/] },
  );
}
