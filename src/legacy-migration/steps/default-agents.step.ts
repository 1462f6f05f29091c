import type { AgentCommand } from '../../agent-metrics/index.js';
import { DEFAULT_AGENT_TYPES } from '../../progression/index.js';
import { carryOut } from '../carry-out.js';
import type { MoveStep } from '../move.js';

/** Creates those of the default agents that don't exist. */
export const defaultAgentsStep: MoveStep = {
  name: 'default agents',
  async run({ manager, executor }) {
    const commands = DEFAULT_AGENT_TYPES.map((agentType): AgentCommand => ({ agentType, command: { type: 'create' } }));
    const changes = await carryOut(executor, manager, commands);
    const created = changes.filter(({ created }) => created).map(({ agent_type }) => agent_type);
    const summary = created.length > 0 ? `created ${created.join(', ')}` : 'all there';
    return { changed: created.length > 0, summary: [summary], details: { created } };
  },
};
