import type { EntityManager } from 'typeorm';
import { PATH_WORDS } from '../../progression/index.js';
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
    const pathNames = await namesOfPaths(manager);
    return {
      changed: true,
      summary: [
        `${rows} rows of ${LEGACY_TABLE} became ${agents} agents`,
        ...(merged.agents > 0 ? [`${merged.rows} rows were merged into ${merged.agents} agents. ${MERGE_RULE}`] : []),
        ...repairLines(repaired),
        ...pathNames.map((name) => `WARNING: the agent ${name} has the name of a path: ${PATH_NAME_ADVICE}`),
      ],
      details: { ...imported, path_names: pathNames },
    };
  },
};

const PATH_NAME_ADVICE =
  '/api/agent-metrics/<name> may mean something else, so read it at …/<name>/custody, and set its columns by bulk-update.';

/** Agents that are called like a word of the API's paths. */
async function namesOfPaths(manager: EntityManager): Promise<string[]> {
  const found = await manager.query<{ agent_type: string }[]>(
    'SELECT agent_type FROM agent_metrics WHERE agent_type = ANY($1) ORDER BY agent_type',
    [PATH_WORDS],
  );
  return found.map(({ agent_type }) => agent_type);
}

/** Counts the rows that the events have against those of the old table. */
async function assertNothingLost(manager: EntityManager, rows: number): Promise<void> {
  const [found] = await manager.query<{ rows: number }[]>(
    `SELECT coalesce(sum(jsonb_array_length(payload -> 'original')), 0)::integer AS rows FROM agent_events`,
  );
  if (found?.rows !== rows) throw new Error(`the events have ${found?.rows ?? 0} of ${rows} rows of the old table`);
}
