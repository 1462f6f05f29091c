import type { Insert, StorageForm } from '../../database/storage/index.js';
import type { AgentState } from '../../progression/index.js';
import { toJsonList, clampTime, toParameter, toRepresentableTime } from '../../database/values/index.js';
import { AGENT_COLUMNS } from './columns.js';

/** Columns that updates do not change. */
const IMMUTABLE_COLUMNS = ['id', 'agent_type', 'created_at'];
/** Lists, in the order of the window sizes in `append`. */
const LISTS = ['test_history', 'learning_patterns', 'improvement_suggestions'];
const DOCUMENTS = ['capabilities', 'config'];
/** Unchanged, except that a time out of range is clamped. */
const CREATED_AT = `created_at = ${clampTime('agent.created_at')}`;

/** The columns of a row, with the ledger hash as text of bytea. */
export type AgentRow = AgentState & { ledger_hash: string };

/**
 * Statements that read and write agents in bulk, as plain rows. Hydration of entities would take longer than the
 * queries.
 */
export class AgentStatements {
  /** $1 agent types. Returns the existing rows. */
  readonly find: string;
  /** $1 agent types. Locks agents before `lock`; null if `lock` itself locks the rows. */
  readonly lockNames: string | null;
  /** $1 agent types, $2 agent types to read with lists and documents (rows at version 0 always are). */
  readonly lock: string;
  /** Inserts rows. Returns those that did not exist. */
  readonly insert: Insert<AgentRow>;
  /** $1 rows as JSON, $2 agent types, $3 expected versions, $4 expected hashes (null: any). Writes all mutable columns. */
  readonly replace: string;
  /** Like `replace`, but also writes the immutable columns, except the agent type (key of the row). */
  readonly restore: string;
  /** $1 agent types. Clears the ledger hash of their rows. */
  readonly unmark: string;
  /**
   * Like `replace`, but appends to the lists, cuts them to $5–$7 (window sizes), and keeps the documents. $8 expected `xmin` (null:
   * any); not on Citus.
   */
  readonly append: string;

  constructor(storage: StorageForm) {
    const columns = AGENT_COLUMNS.map(({ name }) => name);
    const times = AGENT_COLUMNS.filter(({ type }) => type === 'timestamptz');
    const selected = (column: string) =>
      `${readable(
        column,
        times.find(({ name }) => name === column),
      )} AS ${column}`;
    const heavy = [...LISTS, ...DOCUMENTS];
    const light = columns.filter((column) => !heavy.includes(column));
    const mutable = columns.filter((column) => !IMMUTABLE_COLUMNS.includes(column));

    this.find = `SELECT ${columns.map(selected).join(', ')} FROM agent_metrics WHERE ${storage.isAmongAgents}`;
    // A row without an event is imported completely.
    const isWhole = 'agent_type = ANY($2) OR version = 0';
    this.lockNames = storage.lockStatement;
    this.lock = `
      SELECT ${[
        ...light.map(selected),
        ...LISTS.map((list) => `CASE WHEN ${isWhole} THEN ${toJsonList(list)} ELSE '[]' END AS ${list}`),
        ...DOCUMENTS.map((document) => `CASE WHEN ${isWhole} THEN ${document} END AS ${document}`),
      ].join(', ')}
        FROM agent_metrics WHERE agent_type = ANY($1)${storage.lockingClause}`;
    this.insert = storage.buildInsert({
      table: 'agent_metrics',
      columns,
      clauses: `
      ON CONFLICT DO NOTHING
      RETURNING agent_type`,
      toJson: JSON.stringify,
      toValues: (row) => AGENT_COLUMNS.map(({ name, type }) => toColumnValue(row[name as keyof AgentRow], type)),
    });
    const update = (assignments: readonly string[]) => buildUpdate(assignments, storage);
    this.replace = update([...mutable.map((column) => `${column} = row.${column}`), CREATED_AT]);
    this.restore = update(
      columns.filter((column) => column !== 'agent_type').map((column) => `${column} = row.${column}`),
    );
    this.unmark = 'UPDATE agent_metrics SET ledger_hash = NULL WHERE agent_type = ANY($1)';
    const appending = [
      ...mutable.filter((column) => light.includes(column)).map((column) => `${column} = row.${column}`),
      CREATED_AT,
      ...LISTS.map((list, index) => `${list} = ${appended(list, `$${index + 5}`)}`),
    ];
    this.append = buildUpdate(appending, storage, storage.writesAtOnce);
  }
}

/** Expression that reads a column as the entity has it, in a form that can be written back. */
function readable(column: string, time?: { isNullable: boolean }): string {
  if (column === 'ledger_hash') return `encode(${column}, 'hex')`;
  if (LISTS.includes(column)) return toJsonList(column);
  if (time) return time.isNullable ? toRepresentableTime(column) : clampTime(column);
  return column;
}

/** Of a JSON column, strings are JSON, too. */
function toColumnValue(value: unknown, type: unknown): unknown {
  return type === 'jsonb' && typeof value === 'string' ? JSON.stringify(value) : toParameter(value);
}

/** @param comparesXmin whether $8 is compared */
function buildUpdate(assignments: readonly string[], storage: StorageForm, comparesXmin = false): string {
  const [array, column, condition] = comparesXmin
    ? [', $8::xid[]', ', row_xmin', '\n        AND (base.row_xmin IS NULL OR agent.xmin = base.row_xmin)']
    : ['', '', ''];
  return `
      UPDATE agent_metrics agent SET ${assignments.join(', ')}
      FROM json_populate_recordset(NULL::agent_metrics, $1) row
      JOIN unnest($2::text[], $3::integer[], $4::bytea[]${array}) base (agent_type, version, ledger_hash${column})
        ON base.agent_type = row.agent_type
      WHERE agent.agent_type = row.agent_type AND agent.version = base.version
        AND (base.ledger_hash IS NULL OR agent.ledger_hash = base.ledger_hash)${condition}${storage.amongAgents('agent.agent_type', '$2')}`;
}

/**
 * Expression that appends the row's items to the agent's list and keeps the newest `size` items. A list without new
 * items is unchanged. Uses immutable functions only, as Citus requires for columns in an UPDATE.
 */
function appended(list: string, size: string): string {
  const [known, added] = [`agent.${list}`, `row.${list}`];
  return `CASE
        WHEN jsonb_typeof(${known}) <> 'array' THEN ${added}
        WHEN ${added} = '[]' THEN ${known}
        ELSE jsonb_path_query_array(${known}, '$[last - $n to last]', ${keptItems(added, size)}) || ${added}
      END`;
}

/** The variable n of the path: the last n + 1 items of the list are kept. */
function keptItems(added: string, size: string): string {
  return `('{"n":' || (${size}::integer - jsonb_array_length(${added}) - 1)::text || '}')::jsonb`;
}
