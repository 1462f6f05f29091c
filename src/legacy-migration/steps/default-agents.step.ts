import type { AgentCommand } from '../../agent-metrics/index.js';
import { DEFAULT_AGENT_TYPES } from '../../progression/index.js';
import { executeCommands } from '../execute-commands.js';
import type { MigrationStep } from '../migrate.js';

/** Creates the missing default agents. */
export const defaultAgentsStep: MigrationStep = {
  name: 'default agents',
  async run({ manager, executor }) {
    const commands = DEFAULT_AGENT_TYPES.map((agentType): AgentCommand => ({ agentType, command: { type: 'create' } }));
    const changes = await executeCommands(executor, manager, commands);
    const created = changes.filter(({ created }) => created).map(({ agent_type }) => agent_type);
    const summary = created.length > 0 ? `created ${created.join(', ')}` : 'all exist';
    return { changed: created.length > 0, summary: [summary], details: { created } };
  },
};
