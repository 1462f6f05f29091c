import type { EntityManager } from 'typeorm';
import { AgentMetrics } from '../agent-metrics/index.js';
import { CreateAgentMetrics1795407160070 } from '../database/migrations/index.js';
import { MoveRefusal } from './refusal.error.js';
import { searchPathOption } from './search-path.js';

/** What the old table is called after the move, in which it is kept. */
export const LEGACY_TABLE = 'agent_metrics_legacy';

export interface LegacyColumn {
  name: string;
  /** The name as SQL has it. */
  quoted: string;
  /** Its type as SQL has it, with length and collation. */
  type: string;
  /** The expression that reads it as text: just as PostgreSQL writes it, but an array where ours has a list as JSON. */
  asText: string;
  /** How its values are put in order. */
  category: 'number' | 'time' | 'other';
  notNull: boolean;
  hasDefault: boolean;
}

/** An `agent_metrics` that our migrations didn't make. */
export interface LegacyTable {
  oid: string;
  /** Whether row security policies say which rows a role may see. */
  hasPolicies: boolean;
  columns: LegacyColumn[];
  rows: number;
}

interface Found extends Pick<LegacyTable, 'oid' | 'hasPolicies'> {
  kind: string;
  schema: string;
  /** The schema that new tables are made in. */
  ours: string;
  hidesRows: boolean;
}

const FIND = `
  SELECT class.oid::text, class.relkind AS kind, namespace.nspname AS schema, current_schema() AS ours,
         class.relrowsecurity AS "hasPolicies", row_security_active(class.oid) AS "hidesRows"
    FROM pg_class class JOIN pg_namespace namespace ON namespace.oid = class.relnamespace
   WHERE class.oid = to_regclass('agent_metrics')`;

const OTHERS = `
  SELECT nspname AS schema FROM pg_class JOIN pg_namespace namespace ON namespace.oid = relnamespace
   WHERE relname = 'agent_metrics' AND relkind IN ('r', 'p') AND nspname <> ALL (current_schemas(true)) ORDER BY 1`;

/** A domain that takes no NULL is read as its base type: agents that come later have no value there. */
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
 * Finds an `agent_metrics` that something else made, and keeps all others from it until the transaction ends.
 *
 * @returns null when there is none, or when it is ours
 * @throws MoveRefusal when what has the name can't be taken over
 */
export async function findLegacyTable(manager: EntityManager): Promise<LegacyTable | null> {
  const [found] = await manager.query<Found[]>(FIND);
  if (!found || (await isOurs(manager))) return null;
  if (found.schema !== found.ours) {
    throw new MoveRefusal(
      `agent_metrics is in the schema ${found.schema}, and new tables would be made in ${found.ours}`,
      `Make ${found.schema} the first schema of the search path: add ${searchPathOption(found.schema)} to DATABASE_URL.`,
    );
  }
  if (!['r', 'p'].includes(found.kind)) {
    throw new MoveRefusal(
      'agent_metrics is no table but a view or something like it',
      'Make a table of it, or rename it.',
    );
  }
  if (found.hidesRows) {
    throw new MoveRefusal(
      'row security policies of agent_metrics hide rows from this role, which the move would miss',
      'Run the command as a superuser or a role with BYPASSRLS; or, as the owner, take the force away first: ALTER TABLE agent_metrics NO FORCE ROW LEVEL SECURITY.',
    );
  }
  await manager.query('LOCK TABLE agent_metrics IN ACCESS EXCLUSIVE MODE');
  const columns = await columnsOf(manager, found.oid);
  if (!columns.some(({ name }) => name === 'agent_type')) {
    throw new MoveRefusal(
      'agent_metrics has no column agent_type, so it is not the table of the old backend',
      'Rename it, or name another database in DATABASE_URL.',
    );
  }
  const [counted] = await manager.query<{ rows: number }[]>('SELECT count(*)::integer AS rows FROM agent_metrics');
  return { oid: found.oid, hasPolicies: found.hasPolicies, columns, rows: counted?.rows ?? 0 };
}

/** Schemas that have a table of this name too, which isn't found as they aren't in the search path. */
export async function schemasOfOthers(manager: EntityManager): Promise<string[]> {
  const found = await manager.query<{ schema: string }[]>(OTHERS);
  return found.map(({ schema }) => schema);
}

/** The columns of a table, in the order of their names, which is that of canonical JSON. */
export async function columnsOf(manager: EntityManager, oid: string): Promise<LegacyColumn[]> {
  const { columns } = manager.dataSource.getMetadata(AgentMetrics);
  const lists = columns.filter(({ type }) => type === 'jsonb').map(({ databaseName }) => databaseName);
  return manager.query(COLUMNS, [oid, lists]);
}

/** How the columns of the old table and those of ours compare. */
export interface ComparedColumns {
  /** Ours doesn't know them; they are kept. */
  kept: LegacyColumn[];
  /** Ours needs their names for something else. */
  taken: LegacyColumn[];
  /** The old table doesn't have them. */
  missing: string[];
}

export function compareColumns({ dataSource }: EntityManager, { columns }: LegacyTable): ComparedColumns {
  const ours = dataSource.getMetadata(AgentMetrics).columns.map(({ databaseName }) => databaseName);
  return {
    kept: columns.filter(({ name }) => !ours.includes(name)),
    taken: columns.filter(({ name }) => OF_THE_LEDGER.includes(name)),
    missing: ours.filter(
      (ourName) => !OF_THE_LEDGER.includes(ourName) && !columns.some(({ name }) => name === ourName),
    ),
  };
}

/** Columns that say which event a row stands for. */
const OF_THE_LEDGER = ['version', 'ledger_hash'];

async function isOurs(manager: EntityManager): Promise<boolean> {
  const [{ migrated } = { migrated: false }] = await manager.query<{ migrated: boolean }[]>(
    "SELECT to_regclass('agent_metrics_migrations') IS NOT NULL AS migrated",
  );
  if (!migrated) return false;
  const ran = await manager.query<unknown[]>('SELECT FROM agent_metrics_migrations WHERE name = $1', [
    CreateAgentMetrics1795407160070.name,
  ]);
  return ran.length > 0;
}
