import type { TestDatabase } from './test-database.js';

const CATALOG = `
  SELECT 'column' AS kind, format('%s.%s', attrelid::regclass, attname) AS name,
         concat_ws(' ', format_type(atttypid, atttypmod), attnotnull, attidentity, attacl::text,
                   (SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = attrelid AND adnum = attnum)) AS definition
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
   WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
  UNION ALL
  SELECT 'relation', oid::regclass::text, concat_ws(' ', oid, relkind, relowner, relacl::text, relrowsecurity)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'constraint', conname, concat_ws(' ', conrelid::regclass, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'trigger', tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL
  SELECT 'view', ev_class::regclass::text, pg_get_viewdef(ev_class) FROM pg_rewrite
    JOIN pg_class ON pg_class.oid = ev_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v'
  UNION ALL
  SELECT 'function', proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  ORDER BY 1, 2, 3`;

/** Everything in the schema \`public\`: what is defined, and all rows of all tables with their places. */
export async function dumpDatabase(database: TestDatabase): Promise<unknown> {
  const tables = await database.query<{ name: string }>(
    "SELECT oid::regclass::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1",
  );
  const rows: Record<string, unknown> = {};
  for (const { name } of tables)
    rows[name] = await database.query(`SELECT ctid, row::text FROM ${name} row ORDER BY ctid`);
  return { catalog: await database.query(CATALOG), rows };
}
