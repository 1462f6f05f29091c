/** Content of an export. */
export const EXPORTED = ['agents', 'events'] as const;
export type Exported = (typeof EXPORTED)[number];

/** NDJSON: one object per line. CSV: RFC 4180 with a header. Both in UTF-8. */
export const EXPORT_FORMATS = ['ndjson', 'csv'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const MEDIA_TYPES = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
} as const satisfies Record<ExportFormat, string>;

/** Import also reads one JSON document. */
export const IMPORT_FORMATS = [...EXPORT_FORMATS, 'json'] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];
