import type { EntityManager } from 'typeorm';
import type { StorageForm } from '../../database/storage/index.js';
import type { IncomingAgent } from './incoming-agent.js';

/** $1 names of merged agents, $2 names of the agents that each was merged into. */
const ADD = `
  INSERT INTO agent_aliases (name, agent_type, kind)
  SELECT name, agent_type, 'merged' FROM unnest($1::text[], $2::text[]) merged (name, agent_type)`;
/** An agent may have been renamed or merged after another one was merged into it. */
const FOLLOW = `
  UPDATE agent_aliases alias SET agent_type = next.agent_type FROM agent_aliases next
   WHERE next.name = alias.agent_type AND next.agent_type <> alias.agent_type`;
/** $1 names of merged agents. */
const FIND_TARGETS = `
  SELECT alias.name, alias.agent_type, target.agent_type IS NOT NULL AS exists
    FROM agent_aliases alias LEFT JOIN agent_metrics target ON target.agent_type = alias.agent_type
   WHERE alias.name = ANY($1)`;

/** Agents of an import that were merged into others. Their targets may be imported after them. */
export class ImportedMerges {
  /** Agents that were merged, and agents that others were merged into. */
  readonly agentTypes: string[] = [];
  private readonly targets = new Map<string, string>();

  constructor(
    private readonly manager: EntityManager,
    private readonly storage: StorageForm,
  ) {}

  add(agents: readonly IncomingAgent[]): void {
    for (const { agentType, mergedInto, hasMerged } of agents) {
      if (mergedInto !== null) this.targets.set(agentType, mergedInto);
      if (mergedInto !== null || hasMerged) this.agentTypes.push(agentType);
    }
  }

  /**
   * Makes the merged names aliases, and adds the rollups to those of the targets.
   *
   * @throws Error if a target does not exist
   */
  async finish(): Promise<void> {
    if (this.targets.size === 0) return;
    await this.manager.query(ADD, [[...this.targets.keys()], [...this.targets.values()]]);
    // Not endless, because the events of a file may merge agents in a circle.
    for (let [round, moved] = [0, 1]; moved > 0 && round < this.targets.size; round++) {
      [, moved] = await this.manager.query<[unknown[], number]>(FOLLOW);
    }
    const found = await this.manager.query<{ name: string; agent_type: string; exists: boolean }[]>(FIND_TARGETS, [
      [...this.targets.keys()],
    ]);
    for (const { name, agent_type, exists } of found) {
      if (!exists) {
        const [merged, target] = [JSON.stringify(name), JSON.stringify(agent_type)];
        throw new Error(`agent ${merged} was merged into ${target}, which is not imported. Nothing was imported.`);
      }
      await this.storage.moveTestRollups(this.manager, name, agent_type);
    }
  }
}
