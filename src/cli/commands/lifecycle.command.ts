import { Command } from 'commander';
import type { OutputOptions } from '../output.js';

export const renameCommand = (): Command =>
  new Command('rename')
    .summary('rename an agent')
    .description(
      'Renames an agent. Its history, rollups and idempotency keys are those of the new name, and its hash chain continues. ' +
        'Reads of the old name are redirected; writes to it are refused. A service may run meanwhile; writes to the agent ' +
        'wait.',
    )
    .argument('<agent_type>', 'current name')
    .argument('<new_agent_type>', 'new name')
    .option('--json', 'print the result as JSON')
    .action(async (agentType: string, to: string, options: OutputOptions) => {
      const { runRename } = await import('./lifecycle.action.js');
      await runRename(agentType, to, options);
    });
