import type { EntityManager } from 'typeorm';
import { LEGACY_TABLE, type LegacyTable } from './legacy-table.js';
import { MoveRefusal } from './refusal.error.js';

/** Relations of the schema that have one of these names; those of the old table itself are its indexes. */
const NAMESAKES = `
  SELECT class.relname AS name, index.indrelid = $2::oid AS of_legacy
    FROM pg_class class LEFT JOIN pg_index index ON index.indexrelid = class.oid
    JOIN pg_namespace namespace ON namespace.oid = class.relnamespace
   WHERE namespace.nspname = current_schema() AND class.relname = ANY($1) AND class.oid <> $2::oid`;

/**
 * Renames the old table, and those of its indexes and constraints that have names of ours: index names are unique in a
 * schema.
 *
 * @returns old and new name of each index that was renamed
 * @throws MoveRefusal when something else has a name that is needed
 */
export async function makeRoom(manager: EntityManager, { oid }: LegacyTable): Promise<[string, string][]> {
  const needed = [...namesOfOurs(manager), LEGACY_TABLE];
  const namesakes = await manager.query<{ name: string; of_legacy: boolean | null }[]>(NAMESAKES, [needed, oid]);
  const foreign = namesakes.filter(({ of_legacy }) => of_legacy !== true).map(({ name }) => name);
  if (foreign.length > 0) {
    throw new MoveRefusal(
      `the database has something called ${foreign.join(', ')} already, which the move needs as a name`,
      `Rename or drop it${foreign.includes(LEGACY_TABLE) ? ` (${LEGACY_TABLE} may be the old table of an earlier move)` : ''}, and run the command again.`,
    );
  }
  await manager.query(`ALTER TABLE agent_metrics RENAME TO ${LEGACY_TABLE}`);
  const renamed = namesakes.map(({ name }): [string, string] => [name, `${name}_legacy`]);
  for (const [name, newName] of renamed) await manager.query(`ALTER INDEX "${name}" RENAME TO "${newName}"`);
  return renamed;
}

/** Tables and indexes that the entities have. */
function namesOfOurs({ dataSource }: EntityManager): string[] {
  return dataSource.entityMetadatas.flatMap((entity) => [
    ...(entity.tableName === 'agent_metrics' ? [] : [entity.tableName]),
    ...[...entity.indices, ...entity.uniques].map(({ name }) => name),
    ...entity.primaryColumns.flatMap(({ primaryKeyConstraintName: name }) => (name === undefined ? [] : [name])),
  ]);
}
