import type { EntityManager } from 'typeorm';
import { LEGACY_TABLE, type LegacyTable } from './legacy-table.js';
import { MigrationRefusal } from './refusal.error.js';

/** Relations of the schema with one of the names in $1, including the indexes of the legacy table ($2). */
const NAMESAKES = `
  SELECT class.relname AS name, index.indrelid = $2::oid AS of_legacy
    FROM pg_class class LEFT JOIN pg_index index ON index.indexrelid = class.oid
    JOIN pg_namespace namespace ON namespace.oid = class.relnamespace
   WHERE namespace.nspname = current_schema() AND class.relname = ANY($1) AND class.oid <> $2::oid`;

/**
 * Renames the legacy table, and those of its indexes and constraints whose names are needed for the new tables.
 *
 * @returns old and new name of each renamed index
 * @throws MigrationRefusal if another relation has a required name
 */
export async function renameLegacyTable(manager: EntityManager, { oid }: LegacyTable): Promise<[string, string][]> {
  const needed = [...listRequiredNames(manager), LEGACY_TABLE];
  const namesakes = await manager.query<{ name: string; of_legacy: boolean | null }[]>(NAMESAKES, [needed, oid]);
  const foreign = namesakes.filter(({ of_legacy }) => of_legacy !== true).map(({ name }) => name);
  if (foreign.length > 0) {
    throw new MigrationRefusal(
      `these relations already exist, but the migration needs their names: ${foreign.join(', ')}`,
      `Rename or drop them${foreign.includes(LEGACY_TABLE) ? ` (${LEGACY_TABLE} can be the result of an earlier migration)` : ''}, and run the command again.`,
    );
  }
  await manager.query(`ALTER TABLE agent_metrics RENAME TO ${LEGACY_TABLE}`);
  const renamed = namesakes.map(({ name }): [string, string] => [name, `${name}_legacy`]);
  for (const [name, newName] of renamed) await manager.query(`ALTER INDEX "${name}" RENAME TO "${newName}"`);
  return renamed;
}

/** Names of the tables and indexes of the entities. */
function listRequiredNames({ dataSource }: EntityManager): string[] {
  return dataSource.entityMetadatas.flatMap((entity) => [
    ...(entity.tableName === 'agent_metrics' ? [] : [entity.tableName]),
    ...[...entity.indices, ...entity.uniques].map(({ name }) => name),
    ...entity.primaryColumns.flatMap(({ primaryKeyConstraintName: name }) => (name === undefined ? [] : [name])),
  ]);
}
