import { AGENT_COLUMNS, type Column, EVENT_COLUMNS } from '../columns.js';
import type { Exported, ExportFormat } from '../formats.js';
import { csvLines } from './csv-lines.js';

/** What an export has in it. */
export interface ExportRequest {
  of: Exported;
  format: ExportFormat;
  /** Only of this agent; undefined: of all. */
  agentType?: string | undefined;
}

/** A row of the query: the text of its cells. */
type Row = Record<string, string | null>;

/** How an export is read and written. */
export interface ExportQuery {
  sql: string;
  parameters: unknown[];
  header: string;
  lines: (rows: readonly Row[]) => string;
}

const SOURCES: Record<Exported, { columns: readonly Column[]; from: string; order: string }> = {
  // In the order of the indexes: a sort would need room for all of it.
  agents: { columns: AGENT_COLUMNS, from: 'agent_metrics', order: 'source.agent_type' },
  events: { columns: EVENT_COLUMNS, from: 'agent_events', order: 'source.agent_type, source.version' },
};

/**
 * PostgreSQL writes the JSON: most of it is JSON already, which would only be parsed here and written again. `line.*`, as a
 * table that was taken over may have a column called "line", which would come first.
 */
export function exportQuery({ of, format, agentType }: ExportRequest): ExportQuery {
  const { columns, from, order } = SOURCES[of];
  const rest = `FROM ${from} source ${agentType === undefined ? '' : 'WHERE agent_type = $1 '}ORDER BY ${order}`;
  const parameters = agentType === undefined ? [] : [agentType];
  switch (format) {
    case 'ndjson': {
      const fields = columns.map(({ name, sql }) => `${sql} AS ${name}`).join(', ');
      return {
        sql: `SELECT (SELECT row_to_json(line.*) FROM (SELECT ${fields}) line)::text AS line ${rest}`,
        parameters,
        header: '',
        lines: (rows) => rows.map(({ line }) => `${line ?? ''}\n`).join(''),
      };
    }
    case 'csv': {
      const cells = columns.map(
        ({ name, form, sql }) => `${form === 'json' ? `to_json(${sql})::text` : sql} AS ${name}`,
      );
      return {
        sql: `SELECT ${cells.join(', ')} ${rest}`,
        parameters,
        header: csvLines([columns.map(({ name }) => name)]),
        lines: (rows) => csvLines(rows.map((row) => columns.map(({ name }) => row[name] ?? null))),
      };
    }
  }
}
