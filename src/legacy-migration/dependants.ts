import type { EntityManager } from 'typeorm';
import type { LegacyTable } from './legacy-table.js';

/** A database object that is not migrated with the legacy table. */
export interface Dependant {
  kind: string;
  name: string;
  /** SQL definition; empty if there is none. */
  definition: string;
  advice: string;
}

const VIEW = 'It still reads the old table. Recreate it for agent_metrics.';
const FOREIGN_KEY = 'It still references the old table. Drop it, or recreate it for agent_metrics.';
const NOT_MIGRATED = 'It remains on the old table. Recreate it for agent_metrics if it is needed.';

const DEPENDANTS = `
  SELECT DISTINCT 'view' AS kind, rule.ev_class::regclass::text AS name, pg_get_viewdef(rule.ev_class) AS definition,
         '${VIEW}' AS advice
    FROM pg_depend depend JOIN pg_rewrite rule ON rule.oid = depend.objid
   WHERE depend.classid = 'pg_rewrite'::regclass AND depend.refclassid = 'pg_class'::regclass
     AND depend.refobjid = $1::oid AND rule.ev_class <> $1::oid
  UNION ALL
  SELECT 'foreign key', conname || ' of ' || conrelid::regclass, pg_get_constraintdef(oid), '${FOREIGN_KEY}'
    FROM pg_constraint WHERE contype = 'f' AND $1::oid IN (conrelid, confrelid) AND conparentid = 0
  UNION ALL
  SELECT 'check', conname, pg_get_constraintdef(oid), '${NOT_MIGRATED}'
    FROM pg_constraint WHERE contype IN ('c', 'x') AND conrelid = $1::oid
  UNION ALL
  SELECT 'trigger', tgname, pg_get_triggerdef(oid), '${NOT_MIGRATED}'
    FROM pg_trigger WHERE tgrelid = $1::oid AND NOT tgisinternal
  UNION ALL
  SELECT 'rule', rulename, pg_get_ruledef(oid), '${NOT_MIGRATED}' FROM pg_rewrite WHERE ev_class = $1::oid
  UNION ALL
  SELECT 'row security policy', polname, coalesce(pg_get_expr(polqual, polrelid), ''), '${NOT_MIGRATED}'
    FROM pg_policy WHERE polrelid = $1::oid
  UNION ALL
  SELECT 'publication', pubname, '', 'It still publishes the old table. Add agent_metrics to it.'
    FROM pg_publication_rel JOIN pg_publication publication ON publication.oid = prpubid WHERE prrelid = $1::oid
  UNION ALL
  SELECT 'child table', inhrelid::regclass::text, '', 'Its rows were migrated with those of the old table, and remain there.'
    FROM pg_inherits WHERE inhparent = $1::oid
  UNION ALL
  SELECT 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid), '${NOT_MIGRATED}'
    FROM pg_index WHERE indrelid = $1::oid AND NOT indisprimary
     AND indkey::text <> ALL (SELECT attnum::text FROM pg_attribute
                               WHERE attrelid = $1::oid AND attname IN ('id', 'agent_type', 'agent_id'))
  ORDER BY 1, 2`;

/** Finds objects that depend on the legacy table and are not migrated. Must be called before the table is renamed. */
export async function findDependants(manager: EntityManager, { oid }: LegacyTable): Promise<Dependant[]> {
  return manager.query(DEPENDANTS, [oid]);
}
