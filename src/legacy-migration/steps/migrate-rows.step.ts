import type { EntityManager } from 'typeorm';
import { PATH_WORDS } from '../../progression/index.js';
import { migrateRows } from '../migrate-rows.js';
import { compareColumns, LEGACY_TABLE } from '../legacy-table.js';
import { MERGE_RULE } from '../merge-tally.js';
import type { MigrationStep } from '../migrate.js';
import { formatRepairs } from '../repair-lines.js';

/** Migrates the rows of the legacy table. */
export const migrateRowsStep: MigrationStep = {
  name: 'legacy rows',
  async run({ manager, executor, settings, legacy, progress }) {
    if (!legacy) return { changed: false, summary: ['no table of the old backend'] };
    const imported = await migrateRows(manager, legacy, {
      executor,
      windows: settings.rules.windows,
      kept: compareColumns(manager, legacy).kept,
      onProgress: (rows) => {
        progress(rows, legacy.rows, `${rows} of ${legacy.rows} rows`);
      },
    });
    await assertAllRowsMigrated(manager, legacy.rows);
    // The next steps read the new tables, which have no statistics yet.
    await manager.query('ANALYZE agent_metrics, agent_events, agent_rollups');
    const { rows, agents, merged, repaired } = imported;
    const pathNames = await findPathNames(manager);
    return {
      changed: true,
      summary: [
        `${rows} rows of ${LEGACY_TABLE} became ${agents} agents`,
        ...(merged.agents > 0 ? [`${merged.rows} rows were merged into ${merged.agents} agents. ${MERGE_RULE}`] : []),
        ...formatRepairs(repaired),
        ...pathNames.map((name) => `WARNING: the agent ${name} has the name of a path: ${PATH_NAME_ADVICE}`),
      ],
      details: { ...imported, path_names: pathNames },
    };
  },
};

const PATH_NAME_ADVICE =
  '/api/agent-metrics/<name> can be another route. Read the agent at …/<name>/custody, and update it with bulk-update.';

/** Agents whose names are words of the API's paths. */
async function findPathNames(manager: EntityManager): Promise<string[]> {
  const found = await manager.query<{ agent_type: string }[]>(
    'SELECT agent_type FROM agent_metrics WHERE agent_type = ANY($1) ORDER BY agent_type',
    [PATH_WORDS],
  );
  return found.map(({ agent_type }) => agent_type);
}

/** Compares the number of rows in the events with that of the legacy table. */
async function assertAllRowsMigrated(manager: EntityManager, rows: number): Promise<void> {
  const [found] = await manager.query<{ rows: number }[]>(
    `SELECT coalesce(sum(jsonb_array_length(payload -> 'original')), 0)::integer AS rows FROM agent_events`,
  );
  if (found?.rows !== rows) throw new Error(`the events contain ${found?.rows ?? 0} of ${rows} rows of the old table`);
}
