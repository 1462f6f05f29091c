import { Command, Option } from 'commander';
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

export const mergeCommand = (): Command =>
  new Command('merge')
    .summary('merge an agent into another one')
    .description(
      'Merges an agent into another one: counters, XP, results and rollups are those of one agent that had both. Both hash ' +
        'chains are retained. Reads of the merged name are redirected; writes to it are refused. Cannot be undone. A service ' +
        'may run meanwhile; writes to both agents wait.',
    )
    .argument('<agent_type>', 'agent that is merged')
    .argument('<into>', 'agent that it is merged into')
    .option('--json', 'print the result as JSON')
    .action(async (agentType: string, into: string, options: OutputOptions) => {
      const { runMerge } = await import('./lifecycle.action.js');
      await runMerge(agentType, into, options);
    });

export const eraseCommand = (): Command =>
  new Command('erase')
    .summary('erase an agent permanently')
    .description(
      'Deletes the row, the events, the rollups and the earlier names of an agent, and its name in the limits of API keys. A ' +
        'tombstone without the name remains. The name is available afterwards. Then vacuums and analyzes the tables. Cannot ' +
        'be undone. A service may run meanwhile.',
    )
    .argument('<agent_type>', 'name of the agent')
    .requiredOption('--reason <text>', 'reason, kept in the tombstone; must not contain a name of the agent')
    .addOption(new Option('--confirm <agent_type>', 'repeats the name of the agent').makeOptionMandatory())
    .option('--json', 'print the result as JSON')
    .action(
      async (agentType: string, options: OutputOptions & { reason: string; confirm: string }, command: Command) => {
        if (options.confirm !== agentType) command.error('error: --confirm must repeat the name of the agent');
        const { runErase } = await import('./lifecycle.action.js');
        await runErase(agentType, options);
      },
    );
