import type { EntityManager } from 'typeorm';
import { type AgentName, isReserved, nameIn, numbered } from './rules/agent-name.js';
import type { LegacyRow } from './rules/legacy-row.js';
import { type Repair, repairOf } from './rules/repair.js';

/** What an agent is called from now on. */
export interface ChosenName {
  agentType: string;
  repairs: Repair[];
}

/** Gives each agent a name that no other one has. Agents whose names can stay must come before the others. */
export class AgentNames {
  /** Counts the names that were numbered. */
  private number = 0;

  constructor(private readonly manager: EntityManager) {}

  /** Names the agents of these rows, which are written before the next ones are named. */
  async choose(rows: readonly LegacyRow[]): Promise<ChosenName[]> {
    const used = new Set<string>();
    const chosen: ChosenName[] = [];
    for (const row of rows) {
      const name = nameIn(row);
      const stays = name.why === null && !isReserved(name.agentType);
      const choice = stays ? { agentType: name.agentType, repairs: [] } : await this.chooseFor(row, name, used);
      used.add(choice.agentType);
      chosen.push(choice);
    }
    return chosen;
  }

  private async chooseFor(row: LegacyRow, { agentType, why }: AgentName, used: Set<string>): Promise<ChosenName> {
    let made = agentType;
    while (isReserved(made) || used.has(made) || (await this.isTaken(made))) made = numbered(agentType, ++this.number);
    const repairs = [repairOf('agent_type', row['agent_type'] ?? null, made, why ?? 'name_reserved')];
    if (made !== agentType && !isReserved(agentType))
      repairs.push(repairOf('agent_type', agentType, made, 'name_taken'));
    return { agentType: made, repairs };
  }

  private async isTaken(agentType: string): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>('SELECT FROM agent_metrics WHERE agent_type = $1', [agentType]);
    return rows.length > 0;
  }
}
