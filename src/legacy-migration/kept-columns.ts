import type { EntityManager } from 'typeorm';
import type { LegacyColumn } from './legacy-table.js';
import type { LegacyRow } from './rules/legacy-row.js';

/**
 * Adds unknown columns of the legacy table to the new table, with their types, nullable and without default, because new
 * agents have no values in them.
 */
export async function addColumns(manager: EntityManager, columns: readonly LegacyColumn[]): Promise<void> {
  for (const { quoted, type } of columns) {
    await manager.query(`ALTER TABLE agent_metrics ADD COLUMN ${quoted} ${type}`);
  }
}

/** Writes the values of the added columns into the rows of the agents. */
export async function keepValues(
  manager: EntityManager,
  columns: readonly LegacyColumn[],
  rows: ReadonlyMap<string, LegacyRow>,
): Promise<void> {
  if (columns.length === 0) return;
  const assignments = columns.map(({ quoted, type }, index) => `${quoted} = kept.c${index}::${type}`);
  const names = columns.map((_, index) => `c${index}`);
  const arrays = columns.map((_, index) => `$${index + 2}::text[]`);
  await manager.query(
    `UPDATE agent_metrics agent SET ${assignments.join(', ')}
       FROM unnest($1::text[], ${arrays.join(', ')}) kept (agent_type, ${names.join(', ')})
      WHERE agent.agent_type = kept.agent_type`,
    [[...rows.keys()], ...columns.map(({ name }) => [...rows.values()].map((row) => row[name] ?? null))],
  );
}
