import type { BenchDatabase } from '../../bench-database.js';

const DEFINITIONS = `
  SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
         format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make
    FROM pg_constraint WHERE conrelid = $1::regclass AND contype IN ('p', 'u')
   UNION ALL
  SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`;

/**
 * Drops the table's indexes, to be made again when the table is full: much faster than to keep them meanwhile.
 *
 * @returns the statements that make them
 */
export async function dropIndexes(database: BenchDatabase, table: string): Promise<string[]> {
  const definitions = await database.query<{ drop: string; make: string }>(DEFINITIONS, [table]);
  for (const { drop } of definitions) await database.query(drop);
  return definitions.map(({ make }) => make);
}
