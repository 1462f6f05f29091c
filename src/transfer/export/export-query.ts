import { AGENT_COLUMNS, type Column, EVENT_COLUMNS } from '../columns.js';
import { escapeFormula } from '../csv-cells.js';
import { LineSum, trailerLine } from '../export-trailer.js';
import type { Exported, ExportFormat } from '../formats.js';
import { ChainHeads } from './chain-heads.js';
import { csvLines } from './csv-lines.js';

/** What an export has in it. */
export interface ExportRequest {
  of: Exported;
  format: ExportFormat;
  /** Only of this agent; undefined: of all. */
  agentType?: string | undefined;
  /** Whether cells of CSV are written as they are; otherwise those that spreadsheets take for formulas are escaped. */
  raw?: boolean | undefined;
}

/** A row of the query: the text of its cells. */
type Row = Record<string, string | null>;

/** How an export is read and written, once. */
export interface ExportQuery {
  sql: string;
  parameters: unknown[];
  header: string;
  lines: (rows: readonly Row[]) => string;
  /** What stands below the lines; to be asked when all of them are made. */
  trailer: () => string;
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
export function exportQuery({ of, format, agentType, raw = false }: ExportRequest): ExportQuery {
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
        ...ndjsonLines(of),
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
        lines: (rows) => csvLines(rows.map((row) => columns.map((column) => cellOf(row, column, raw)))),
        trailer: () => '',
      };
    }
  }
}

function ndjsonLines(of: Exported): Pick<ExportQuery, 'lines' | 'trailer'> {
  const sum = new LineSum();
  const heads = of === 'events' ? new ChainHeads() : null;
  return {
    lines: (rows) => {
      const text = rows.map(({ line }) => `${line ?? ''}\n`).join('');
      sum.add(text, rows.length);
      if (heads) for (const { line } of rows) heads.add(line ?? '');
      return text;
    },
    trailer: () => trailerLine({ of, ...sum.total(), ...(heads ? { heads_sha256: heads.digest() } : {}) }),
  };
}

/** JSON is no formula, and a negative number among it has to stay a number. */
function cellOf(row: Row, { name, form }: Column, raw: boolean): string | null {
  const cell = row[name] ?? null;
  return cell === null || form === 'json' || raw ? cell : escapeFormula(cell);
}
