import type { EntityManager } from 'typeorm';
import type { AgentCommand } from '../agent-metrics/agent-command.js';
import type { CommandExecutor } from '../agent-metrics/command-executor.js';
import { chooseIds } from './agent-ids.js';
import { AgentNames } from './agent-names.js';
import { carryOut } from './carry-out.js';
import { keepValues } from './kept-columns.js';
import { legacyAgents, type RowsOfAgent } from './legacy-rows.js';
import { LEGACY_TABLE, type LegacyColumn, type LegacyTable } from './legacy-table.js';
import { type MergeReport, MergeTally } from './merge-tally.js';
import { type RepairReport, RepairTally } from './repair-tally.js';
import { agentOfRow, type TakeOverContext } from './rules/agent-of-row.js';

/** What became of the rows of the old table. */
export interface ImportedRows {
  rows: number;
  agents: number;
  merged: MergeReport;
  repaired: RepairReport;
}

export interface ImportRequest {
  executor: CommandExecutor;
  windows: TakeOverContext['windows'];
  /** Columns that our table doesn't know by itself. */
  kept: readonly LegacyColumn[];
  onProgress: (rows: number) => void;
}

/**
 * Makes of each agent of the old table an event that has its rows as they were, and a row of ours. In the manager's
 * transaction, and in bounded memory.
 */
export async function importRows(
  manager: EntityManager,
  { columns }: LegacyTable,
  { executor, windows, kept, onProgress }: ImportRequest,
): Promise<ImportedRows> {
  const names = new AgentNames(manager);
  const merges = new MergeTally();
  const repairs = new RepairTally();
  const now = new Date();
  for await (const agents of legacyAgents(manager, columns, LEGACY_TABLE)) {
    const chosenNames = await names.choose(agents);
    const newest = agents.map(newestOf);
    const chosenIds = await chooseIds(manager, newest);
    const commands: AgentCommand[] = [];
    const rows = new Map<string, RowsOfAgent[number]>();
    for (const [index, name] of chosenNames.entries()) {
      const [original, row, id] = [agents[index], newest[index], chosenIds[index]];
      if (!original || !row || !id) throw new Error('an agent without rows');
      const { agent, repairs: made } = agentOfRow(row, { agentType: name.agentType, id: id.id, now, windows });
      merges.add(name.agentType, original);
      repairs.add(name.agentType, [...name.repairs, ...id.repairs, ...made]);
      rows.set(name.agentType, row);
      commands.push({ agentType: name.agentType, command: { type: 'import', data: { agent, original } } });
    }
    await carryOut(executor, manager, commands);
    await keepValues(manager, kept, rows);
    onProgress(merges.rows);
  }
  const merged = merges.report();
  return { rows: merges.rows, agents: merges.agents, merged, repaired: repairs.report() };
}

function newestOf(rows: RowsOfAgent): RowsOfAgent[number] {
  return rows.at(-1) ?? rows[0];
}
