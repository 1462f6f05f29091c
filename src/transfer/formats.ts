/** What can be exported. */
export const EXPORTED = ['agents', 'events'] as const;
export type Exported = (typeof EXPORTED)[number];

/** The forms that an export has. NDJSON: an object a line. CSV: RFC 4180 with a header. Both are UTF-8. */
export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const MEDIA_TYPES = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
} as const satisfies Record<ExportFormat, string>;

/** Everything that an import reads: the same, and one JSON document. */
export const IMPORT_FORMATS = [...EXPORT_FORMATS, 'json'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];
