import type { EntityManager } from 'typeorm';
import type { AgentCommand, CommandExecutor } from '../agent-metrics/index.js';
import type { AgentState } from '../progression/index.js';
import { chooseIds } from './agent-ids.js';
import { AgentNames } from './agent-names.js';
import { executeCommands } from './execute-commands.js';
import { keepValues } from './kept-columns.js';
import { readLegacyAgents } from './legacy-rows.js';
import { LEGACY_TABLE, type LegacyColumn, type LegacyTable } from './legacy-table.js';
import { type MergeReport, MergeTally } from './merge-tally.js';
import { type RepairReport, RepairTally } from './repair-tally.js';
import { toAgent, type RowContext } from './rules/to-agent.js';
import type { LegacyRow } from './rules/legacy-row.js';

/** Result of the migration of the rows. */
export interface MigratedRows {
  rows: number;
  agents: number;
  merged: MergeReport;
  repaired: RepairReport;
}

export interface RowMigrationRequest {
  executor: CommandExecutor;
  windows: RowContext['windows'];
  /** Columns that were added to the new table. */
  kept: readonly LegacyColumn[];
  onProgress: (rows: number) => void;
}

/**
 * Records an imported event with the original rows, and a metrics row, for each agent of the legacy table. Runs in the
 * manager's transaction, with bounded memory.
 */
export async function migrateRows(
  manager: EntityManager,
  { columns }: LegacyTable,
  { executor, windows, kept, onProgress }: RowMigrationRequest,
): Promise<MigratedRows> {
  const names = new AgentNames(manager);
  const merges = new MergeTally();
  const repairs = new RepairTally();
  const now = new Date();
  let agent: AgentState | null = null;
  for await (const parts of readLegacyAgents(manager, columns, LEGACY_TABLE)) {
    const newAgents = parts.filter(({ continues }) => !continues).map(({ newest }) => newest);
    const [chosenNames, chosenIds] = [await names.choose(newAgents), await chooseIds(manager, newAgents)];
    const commands: AgentCommand[] = [];
    const values = new Map<string, LegacyRow>();
    for (const { newest, rows, continues } of parts) {
      if (!continues) {
        const [name, id] = [chosenNames.shift(), chosenIds.shift()];
        if (!name || !id) throw new Error('an agent without name or id');
        const made = toAgent(newest, { agentType: name.agentType, id: id.id, now, windows });
        repairs.add(name.agentType, [...name.repairs, ...id.repairs, ...made.repairs]);
        agent = made.agent;
      }
      if (!agent) throw new Error('continued rows without a first part');
      const agentType = agent.agent_type;
      merges.add(agentType, { newest, rows, continues });
      values.set(agentType, newest);
      commands.push({ agentType, command: { type: 'import', data: { agent, original: rows } } });
    }
    await executeCommands(executor, manager, commands);
    await keepValues(manager, kept, values);
    onProgress(merges.rows);
  }
  const merged = merges.report();
  return { rows: merges.rows, agents: merges.agents, merged, repaired: repairs.report() };
}
