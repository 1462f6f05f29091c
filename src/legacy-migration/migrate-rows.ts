import type { EntityManager } from 'typeorm';
import type { AgentCommand, CommandExecutor } from '../agent-metrics/index.js';
import type { AgentState } from '../progression/index.js';
import { chooseIds } from './agent-ids.js';
import { AgentNames } from './agent-names.js';
import { carryOut } from './carry-out.js';
import { keepValues } from './kept-columns.js';
import { legacyAgents } from './legacy-rows.js';
import { LEGACY_TABLE, type LegacyColumn, type LegacyTable } from './legacy-table.js';
import { type MergeReport, MergeTally } from './merge-tally.js';
import { type RepairReport, RepairTally } from './repair-tally.js';
import { agentOfRow, type TakeOverContext } from './rules/agent-of-row.js';
import type { LegacyRow } from './rules/legacy-row.js';

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
  let agent: AgentState | null = null;
  for await (const parts of legacyAgents(manager, columns, LEGACY_TABLE)) {
    const comers = parts.filter(({ continues }) => !continues).map(({ newest }) => newest);
    const [chosenNames, chosenIds] = [await names.choose(comers), await chooseIds(manager, comers)];
    const commands: AgentCommand[] = [];
    const values = new Map<string, LegacyRow>();
    for (const { newest, rows, continues } of parts) {
      if (!continues) {
        const [name, id] = [chosenNames.shift(), chosenIds.shift()];
        if (!name || !id) throw new Error('an agent without name or id');
        const made = agentOfRow(newest, { agentType: name.agentType, id: id.id, now, windows });
        repairs.add(name.agentType, [...name.repairs, ...id.repairs, ...made.repairs]);
        agent = made.agent;
      }
      if (!agent) throw new Error('rows that continue nothing');
      const agentType = agent.agent_type;
      merges.add(agentType, { newest, rows, continues });
      values.set(agentType, newest);
      commands.push({ agentType, command: { type: 'import', data: { agent, original: rows } } });
    }
    await carryOut(executor, manager, commands);
    await keepValues(manager, kept, values);
    onProgress(merges.rows);
  }
  const merged = merges.report();
  return { rows: merges.rows, agents: merges.agents, merged, repaired: repairs.report() };
}
