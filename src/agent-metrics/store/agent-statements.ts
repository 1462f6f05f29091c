import type { DataSource } from 'typeorm';
import { SINGLE_SERVER, type StorageForm } from '../../database/storage/index.js';
import { toJsonList, clampTime, toRepresentableTime } from '../../database/values/index.js';
import { AgentMetrics } from './agent-metrics.entity.js';

/** What stays as it was made. */
const IMMUTABLE_COLUMNS = ['id', 'agent_type', 'created_at'];
/** Windows of the newest items, in the order in which `append` takes their sizes. */
const LISTS = ['test_history', 'learning_patterns', 'improvement_suggestions'];
const DOCUMENTS = ['capabilities', 'config'];
/** Stays as well, unless no row may have it any more. */
const CREATED_AT = `created_at = ${clampTime('agent.created_at')}`;

/**
 * The statements that read and write agents as plain rows, for any number of them at once. Hydrating entities would take
 * longer than the queries.
 */
export class AgentStatements {
  /** $1 agent types: the rows of those that exist. */
  readonly find: string;
  /** $1 agent types, to be locked before `lock` reads them; null where that locks the rows themselves. */
  readonly lockNames: string | null;
  /** $1 agent types, $2 those whose lists and documents are to be read, as are those at version 0. */
  readonly lock: string;
  /** $1 rows as JSON. Returns a row for each that was inserted. */
  readonly insert: string;
  /** $1 rows as JSON, $2 their agent types, $3 the versions that they must have. Writes all columns. */
  readonly replace: string;
  /** As `replace`, and also writes what stays as it was made; but for the agent type, by which the row is found. */
  readonly restore: string;
  /** $1 agent types: makes their rows stand for no event. */
  readonly unmark: string;
  /** As `replace`, but appends to the lists, cuts each that it appends to ($4–$6 sizes), and leaves the documents. */
  readonly append: string;

  constructor(dataSource: DataSource, storage: StorageForm = SINGLE_SERVER) {
    const { columns: described } = dataSource.getMetadata(AgentMetrics);
    const columns = described.map(({ databaseName }) => databaseName);
    const times = described.filter(({ type }) => type === 'timestamptz');
    const selected = (column: string) =>
      `${readable(
        column,
        times.find(({ databaseName }) => databaseName === column),
      )} AS ${column}`;
    const heavy = [...LISTS, ...DOCUMENTS];
    const light = columns.filter((column) => !heavy.includes(column));
    const mutable = columns.filter((column) => !IMMUTABLE_COLUMNS.includes(column));

    this.find = `SELECT ${columns.map(selected).join(', ')} FROM agent_metrics WHERE agent_type = ANY($1)`;
    // A row that no event stands behind yet will be imported whole.
    const isWhole = 'agent_type = ANY($2) OR version = 0';
    this.lockNames = storage.lockStatement;
    this.lock = `
      SELECT ${[
        ...light.map(selected),
        ...LISTS.map((list) => `CASE WHEN ${isWhole} THEN ${toJsonList(list)} ELSE '[]' END AS ${list}`),
        ...DOCUMENTS.map((document) => `CASE WHEN ${isWhole} THEN ${document} END AS ${document}`),
      ].join(', ')}
        FROM agent_metrics WHERE agent_type = ANY($1)${storage.lockingClause}`;
    this.insert = `
      INSERT INTO agent_metrics (${columns.join(', ')})
      SELECT ${columns.join(', ')} FROM json_populate_recordset(NULL::agent_metrics, $1)
      ON CONFLICT (agent_type) DO NOTHING
      RETURNING agent_type`;
    this.replace = update([...mutable.map((column) => `${column} = row.${column}`), CREATED_AT]);
    this.restore = update(
      columns.filter((column) => column !== 'agent_type').map((column) => `${column} = row.${column}`),
    );
    this.unmark = 'UPDATE agent_metrics SET ledger_hash = NULL WHERE agent_type = ANY($1)';
    this.append = update([
      ...mutable.filter((column) => light.includes(column)).map((column) => `${column} = row.${column}`),
      CREATED_AT,
      ...LISTS.map((list, index) => `${list} = ${appended(list, `$${index + 4}`)}`),
    ]);
  }
}

/** The column as hydrating the entity would give it, and as the service can write it again. */
function readable(column: string, time?: { isNullable: boolean }): string {
  if (column === 'ledger_hash') return `encode(${column}, 'hex')`;
  if (LISTS.includes(column)) return toJsonList(column);
  if (time) return time.isNullable ? toRepresentableTime(column) : clampTime(column);
  return column;
}

function update(assignments: readonly string[]): string {
  return `
      UPDATE agent_metrics agent SET ${assignments.join(', ')}
      FROM json_populate_recordset(NULL::agent_metrics, $1) row
      JOIN unnest($2::text[], $3::integer[]) base (agent_type, version) ON base.agent_type = row.agent_type
      WHERE agent.agent_type = row.agent_type AND agent.version = base.version`;
}

/**
 * The newest `size` items of the agent's list with the row's items after it; a list that nothing is added to stays. Of
 * immutable functions: Citus lets no others take columns in an UPDATE.
 */
function appended(list: string, size: string): string {
  const [known, added] = [`agent.${list}`, `row.${list}`];
  const excess = `jsonb_array_length(${known}) + jsonb_array_length(${added}) - ${size}::integer`;
  return `CASE
        WHEN jsonb_typeof(${known}) <> 'array' THEN ${added}
        WHEN ${added} = '[]' THEN ${known}
        WHEN ${excess} <= 0 THEN ${known} || ${added}
        ELSE jsonb_path_query_array(${known}, '$[$excess to last]', ('{"excess":' || (${excess})::text || '}')::jsonb) || ${added}
      END`;
}
