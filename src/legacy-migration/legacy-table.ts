import type { EntityManager } from 'typeorm';
import { AgentMetrics } from '../agent-metrics/index.js';
import { CreateAgentMetrics1795407160070 } from '../database/migrations/index.js';
import { MigrationRefusal } from './refusal.error.js';
import { formatSearchPathOption } from './search-path.js';

/** Name of the legacy table after the migration. */
export const LEGACY_TABLE = 'agent_metrics_legacy';

export interface LegacyColumn {
  name: string;
  /** Quoted name. */
  quoted: string;
  /** SQL type with length and collation. */
  type: string;
  /** SQL expression that converts the value to text. Arrays are converted to JSON where the new column is jsonb. */
  asText: string;
  /** Determines how values are ordered. */
  category: 'number' | 'time' | 'other';
  notNull: boolean;
  hasDefault: boolean;
}

/** A table `agent_metrics` that was not created by the schema migrations of this service. */
export interface LegacyTable {
  oid: string;
  /** Whether the table has row security. */
  hasPolicies: boolean;
  columns: LegacyColumn[];
  rows: number;
}

interface Found extends Pick<LegacyTable, 'oid' | 'hasPolicies'> {
  kind: string;
  schema: string;
  /** The schema in which new tables are created. */
  current: string;
  hidesRows: boolean;
}

const FIND = `
  SELECT class.oid::text, class.relkind AS kind, namespace.nspname AS schema, current_schema() AS current,
         class.relrowsecurity AS "hasPolicies", row_security_active(class.oid) AS "hidesRows"
    FROM pg_class class JOIN pg_namespace namespace ON namespace.oid = class.relnamespace
   WHERE class.oid = to_regclass('agent_metrics')`;

const OTHERS = `
  SELECT nspname AS schema FROM pg_class JOIN pg_namespace namespace ON namespace.oid = relnamespace
   WHERE relname = 'agent_metrics' AND relkind IN ('r', 'p') AND nspname <> ALL (current_schemas(true)) ORDER BY 1`;

/** A NOT NULL domain is replaced with its base type, because new agents have no value in the column. */
const COLUMNS = `
  SELECT attribute.attname AS name, quote_ident(attribute.attname) AS quoted,
         CASE WHEN type.typtype = 'd' AND type.typnotnull THEN format_type(type.typbasetype, type.typtypmod)
              ELSE format_type(attribute.atttypid, attribute.atttypmod) END
         || CASE WHEN attribute.attcollation <> type.typcollation
                 THEN (SELECT format(' COLLATE %I.%I', namespace.nspname, collname) FROM pg_collation
                         JOIN pg_namespace namespace ON namespace.oid = collnamespace
                        WHERE pg_collation.oid = attribute.attcollation)
                 ELSE '' END AS type,
         format(CASE WHEN type.typcategory = 'A' AND attribute.attname = ANY($2) THEN 'to_json(%I)::text' ELSE '%I::text' END,
                attribute.attname) AS "asText",
         CASE WHEN base.oid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) THEN 'time'
              WHEN base.oid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype, 'numeric'::regtype, 'float4'::regtype,
                                'float8'::regtype) THEN 'number'
              ELSE 'other' END AS category,
         attribute.attnotnull AS "notNull", attribute.atthasdef OR attribute.attidentity <> '' AS "hasDefault"
    FROM pg_attribute attribute JOIN pg_type type ON type.oid = attribute.atttypid
    JOIN pg_type base ON base.oid = coalesce(nullif(type.typbasetype, 0), type.oid)
   WHERE attribute.attrelid = $1 AND attribute.attnum > 0 AND NOT attribute.attisdropped
   ORDER BY attribute.attname COLLATE "C"`;

/**
 * Finds the legacy table, and locks it exclusively until the end of the transaction.
 *
 * @returns null if there is none
 * @throws MigrationRefusal if the relation `agent_metrics` cannot be migrated
 */
export async function findLegacyTable(manager: EntityManager): Promise<LegacyTable | null> {
  const [found] = await manager.query<Found[]>(FIND);
  if (!found || (await isServiceTable(manager))) return null;
  if (found.schema !== found.current) {
    throw new MigrationRefusal(
      `agent_metrics is in the schema ${found.schema}, but new tables would be created in ${found.current}`,
      `Make ${found.schema} the first schema of the search path: add ${formatSearchPathOption(found.schema)} to DATABASE_URL.`,
    );
  }
  if (!['r', 'p'].includes(found.kind)) {
    throw new MigrationRefusal(
      'agent_metrics is a view or another relation, not a table',
      'Replace it with a table, or rename it.',
    );
  }
  if (found.hidesRows) {
    throw new MigrationRefusal(
      'row security policies of agent_metrics hide rows from this role, which the migration would miss',
      'Run the command as a superuser or as a role with BYPASSRLS. As the owner, you can also run: ALTER TABLE agent_metrics NO FORCE ROW LEVEL SECURITY.',
    );
  }
  await manager.query('LOCK TABLE agent_metrics IN ACCESS EXCLUSIVE MODE');
  const columns = await readColumns(manager, found.oid);
  if (!columns.some(({ name }) => name === 'agent_type')) {
    throw new MigrationRefusal(
      'agent_metrics has no column agent_type, so it is not the table of the old backend',
      'Rename it, or set DATABASE_URL to another database.',
    );
  }
  const [counted] = await manager.query<{ rows: number }[]>('SELECT count(*)::integer AS rows FROM agent_metrics');
  return { oid: found.oid, hasPolicies: found.hasPolicies, columns, rows: counted?.rows ?? 0 };
}

/** Other schemas with a table of this name, which are not in the search path. */
export async function findOtherSchemas(manager: EntityManager): Promise<string[]> {
  const found = await manager.query<{ schema: string }[]>(OTHERS);
  return found.map(({ schema }) => schema);
}

/** The columns of a table, ordered by name as in canonical JSON. */
export async function readColumns(manager: EntityManager, oid: string): Promise<LegacyColumn[]> {
  const { columns } = manager.dataSource.getMetadata(AgentMetrics);
  const lists = columns.filter(({ type }) => type === 'jsonb').map(({ databaseName }) => databaseName);
  return manager.query(COLUMNS, [oid, lists]);
}

/** Comparison of the columns of the legacy table and the new table. */
export interface ComparedColumns {
  /** Unknown to the new table; they are added to it. */
  kept: LegacyColumn[];
  /** The new table uses these names for other columns. */
  taken: LegacyColumn[];
  /** Columns that the legacy table does not have. */
  missing: string[];
}

export function compareColumns({ dataSource }: EntityManager, { columns }: LegacyTable): ComparedColumns {
  const known = dataSource.getMetadata(AgentMetrics).columns.map(({ databaseName }) => databaseName);
  return {
    kept: columns.filter(({ name }) => !known.includes(name)),
    taken: columns.filter(({ name }) => LEDGER_COLUMNS.includes(name)),
    missing: known.filter((column) => !LEDGER_COLUMNS.includes(column) && !columns.some(({ name }) => name === column)),
  };
}

/** Columns that refer to the newest event. */
const LEDGER_COLUMNS = ['version', 'ledger_hash'];

async function isServiceTable(manager: EntityManager): Promise<boolean> {
  const [{ migrated } = { migrated: false }] = await manager.query<{ migrated: boolean }[]>(
    "SELECT to_regclass('agent_metrics_migrations') IS NOT NULL AS migrated",
  );
  if (!migrated) return false;
  const ran = await manager.query<unknown[]>('SELECT FROM agent_metrics_migrations WHERE name = $1', [
    CreateAgentMetrics1795407160070.name,
  ]);
  return ran.length > 0;
}
