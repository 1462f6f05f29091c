import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { LegacyRow } from './rules/legacy-row.js';
import { type Repair, createRepair } from './rules/repair.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** ID of a migrated agent. The existing one is kept if it is a unique UUID. */
export interface ChosenId {
  id: string;
  repairs: Repair[];
}

export async function chooseIds(manager: EntityManager, rows: readonly LegacyRow[]): Promise<ChosenId[]> {
  const found = rows.map((row) => (UUID.test(row['id'] ?? '') ? (row['id'] ?? '').toLowerCase() : null));
  const known = await manager.query<{ id: string }[]>('SELECT id FROM agent_metrics WHERE id = ANY($1::uuid[])', [
    found.filter((id) => id !== null),
  ]);
  const used = new Set(known.map(({ id }) => id));
  return rows.map((row, index) => {
    const own = found[index] ?? null;
    if (own !== null && !used.has(own)) {
      used.add(own);
      return { id: own, repairs: [] };
    }
    const id = uuidv7();
    return { id, repairs: 'id' in row ? [createRepair('id', row['id'] ?? null, id, 'new_id')] : [] };
  });
}
