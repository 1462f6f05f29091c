import { AGENT_COLUMNS, type Column, EVENT_COLUMNS } from '../columns.js';
import type { AgentAccess } from '../../common/index.js';
import { buildAgentCondition } from '../../database/values/index.js';
import { LEDGER_EVENTS } from '../../ledger/index.js';
import { escapeFormula } from '../csv-cells.js';
import { LineSum, formatTrailer } from '../export-trailer.js';
import type { Exported, ExportFormat } from '../formats.js';
import { ChainHeads } from './chain-heads.js';
import { formatCsvLines } from './csv-lines.js';

/** Parameters of an export. */
export interface ExportRequest {
  of: Exported;
  format: ExportFormat;
  /** Default: all agents. */
  agentType?: string | undefined;
  /** Names of agents that were merged into `agentType`, whose events are exported with it. Default: none. */
  merged?: readonly string[] | undefined;
  /** Agents that are exported if `agentType` is omitted. Default: all. */
  access?: AgentAccess | undefined;
  /** Disables the escaping of formulas in CSV. */
  raw?: boolean | undefined;
}

/** A row of the query: text by column. */
type Row = Record<string, string | null>;

/** Query and formatter of one export. Can be used once. */
export interface ExportQuery {
  sql: string;
  parameters: unknown[];
  header: string;
  lines: (rows: readonly Row[]) => string;
  /** Formats further lines, which are no rows. */
  extra: (text: string, count: number) => string;
  /** Text after the last line. Must be called after all lines were formatted. */
  trailer: () => string;
}

const SOURCES: Record<Exported, { columns: readonly Column[]; from: string; order: string }> = {
  // Ordered by an index, so that nothing is sorted.
  agents: { columns: AGENT_COLUMNS, from: 'agent_metrics', order: 'source.agent_type' },
  events: { columns: EVENT_COLUMNS, from: LEDGER_EVENTS, order: 'source.agent_type, source.version' },
};

/**
 * Builds the query of an export. PostgreSQL formats the JSON, because most of it is stored as JSON. `line.*` is used because
 * a migrated table can have a column named "line". The columns are computed in a derived table: in the subquery of the
 * line, Citus accepts nothing but references to it.
 */
export function buildExportQuery({ of, format, raw = false, ...request }: ExportRequest): ExportQuery {
  const { columns, from, order } = SOURCES[of];
  const { where, parameters } = selectAgents(request);
  switch (format) {
    case 'ndjson': {
      const values = columns.map(({ name, sql }) => `${sql} AS ${name}`).join(', ');
      const fields = columns.map(({ name }) => `source.${name}`).join(', ');
      return {
        sql:
          `SELECT (SELECT row_to_json(line.*) FROM (SELECT ${fields}) line)::text AS line ` +
          `FROM (SELECT ${values} FROM ${from} ${where}) source ORDER BY ${order}`,
        parameters,
        header: '',
        ...createNdjsonWriter(of),
      };
    }
    case 'csv': {
      const cells = columns.map(
        ({ name, form, sql }) => `${form === 'json' ? `to_json(${sql})::text` : sql} AS ${name}`,
      );
      return {
        sql: `SELECT ${cells.join(', ')} FROM ${from} source ${where} ORDER BY ${order}`,
        parameters,
        header: formatCsvLines([columns.map(({ name }) => name)]),
        lines: (rows) => formatCsvLines(rows.map((row) => columns.map((column) => toCell(row, column, raw)))),
        extra: () => '',
        trailer: () => '',
      };
    }
  }
}

function selectAgents({ agentType, merged = [], access }: Pick<ExportRequest, 'agentType' | 'merged' | 'access'>) {
  if (agentType !== undefined && merged.length > 0) {
    return { where: 'WHERE agent_type = ANY($1)', parameters: [[agentType, ...merged]] };
  }
  if (agentType !== undefined) return { where: 'WHERE agent_type = $1', parameters: [agentType] };
  if (!access?.isLimited) return { where: '', parameters: [] };
  const { sql, parameters } = buildAgentCondition(access, 1);
  return { where: `WHERE ${sql}`, parameters };
}

function createNdjsonWriter(of: Exported): Pick<ExportQuery, 'lines' | 'extra' | 'trailer'> {
  const sum = new LineSum();
  const heads = of === 'events' ? new ChainHeads() : null;
  return {
    lines: (rows) => {
      const text = rows.map(({ line }) => `${line ?? ''}\n`).join('');
      sum.add(text, rows.length);
      if (heads) for (const { line } of rows) heads.add(line ?? '');
      return text;
    },
    extra: (text, count) => {
      sum.add(text, count);
      return text;
    },
    trailer: () => formatTrailer({ of, ...sum.total(), ...(heads ? { heads_sha256: heads.digest() } : {}) }),
  };
}

/** JSON is not escaped, so that negative numbers remain numbers. */
function toCell(row: Row, { name, form }: Column, raw: boolean): string | null {
  const cell = row[name] ?? null;
  return cell === null || form === 'json' || raw ? cell : escapeFormula(cell);
}
