import type { EntityManager } from 'typeorm';
import { type AgentName, isReserved, toAgentName, addNumber } from './rules/agent-name.js';
import type { LegacyRow } from './rules/legacy-row.js';
import { type Repair, createRepair } from './rules/repair.js';

/** Agent type of a migrated agent. */
export interface ChosenName {
  agentType: string;
  repairs: Repair[];
}

/** Chooses a unique agent type for each agent. Agents that keep their names must come first. */
export class AgentNames {
  /** Number of the last numbered name. */
  private number = 0;

  constructor(private readonly manager: EntityManager) {}

  /** Chooses the names for the rows, which must be written before the next call. */
  async choose(rows: readonly LegacyRow[]): Promise<ChosenName[]> {
    const used = new Set<string>();
    const chosen: ChosenName[] = [];
    for (const row of rows) {
      const name = toAgentName(row);
      const stays = name.why === null && !isReserved(name.agentType);
      const choice = stays ? { agentType: name.agentType, repairs: [] } : await this.createName(row, name, used);
      used.add(choice.agentType);
      chosen.push(choice);
    }
    return chosen;
  }

  private async createName(row: LegacyRow, { agentType, why }: AgentName, used: Set<string>): Promise<ChosenName> {
    let candidate = agentType;
    while (isReserved(candidate) || used.has(candidate) || (await this.isTaken(candidate)))
      candidate = addNumber(agentType, ++this.number);
    const repairs = [createRepair('agent_type', row['agent_type'] ?? null, candidate, why ?? 'name_reserved')];
    if (candidate !== agentType && !isReserved(agentType))
      repairs.push(createRepair('agent_type', agentType, candidate, 'name_taken'));
    return { agentType: candidate, repairs };
  }

  private async isTaken(agentType: string): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>('SELECT FROM agent_metrics WHERE agent_type = $1', [agentType]);
    return rows.length > 0;
  }
}
