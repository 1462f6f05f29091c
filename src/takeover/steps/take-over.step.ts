import type { EntityManager } from 'typeorm';
import { importRows } from '../import-rows.js';
import { compareColumns, LEGACY_TABLE } from '../legacy-table.js';
import { MERGE_RULE } from '../merge-tally.js';
import type { MoveStep } from '../move.js';
import { repairLines } from '../repair-lines.js';

/** Takes over the rows of the old table. */
export const takeOverStep: MoveStep = {
  name: 'take-over',
  async run({ manager, executor, settings, legacy, progress }) {
    if (!legacy) return { changed: false, summary: ['no table of an older backend'] };
    const imported = await importRows(manager, legacy, {
      executor,
      windows: settings.rules.windows,
      kept: compareColumns(manager, legacy).kept,
      onProgress: (rows) => {
        progress(rows, legacy.rows, `${rows} of ${legacy.rows} rows`);
      },
    });
    await assertNothingLost(manager, legacy.rows);
    // What follows reads the tables, of which the server knows nothing yet.
    await manager.query('ANALYZE agent_metrics, agent_events, agent_rollups');
    const { rows, agents, merged, repaired } = imported;
    return {
      changed: true,
      summary: [
        `${rows} rows of ${LEGACY_TABLE} became ${agents} agents`,
        ...(merged.agents > 0 ? [`${merged.rows} rows were merged into ${merged.agents} agents. ${MERGE_RULE}`] : []),
        ...repairLines(repaired),
      ],
      details: imported,
    };
  },
};

/** Counts the rows that the events have against those of the old table. */
async function assertNothingLost(manager: EntityManager, rows: number): Promise<void> {
  const [found] = await manager.query<{ rows: number }[]>(
    `SELECT coalesce(sum(jsonb_array_length(payload -> 'original')), 0)::integer AS rows FROM agent_events`,
  );
  if (found?.rows !== rows) throw new Error(`the events have ${found?.rows ?? 0} of ${rows} rows of the old table`);
}
