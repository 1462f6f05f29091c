import { Command, InvalidArgumentError } from 'commander';
import type { OutputOptions } from '../output.js';

const DEFAULT_LIMIT = 1_000;

export const agentsCommand = (): Command =>
  new Command('agents')
    .description('Agents, including the four default agents.')
    .addCommand(listCommand())
    .addCommand(createDefaultsCommand());

const listCommand = (): Command =>
  new Command('list')
    .summary('list agents')
    .description('Lists agents in the order of their creation.')
    .option('--limit <number>', 'maximum number of agents', parsePositive, DEFAULT_LIMIT)
    .option('--json', 'print the agents as JSON')
    .action(async (options: OutputOptions & { limit: number }) => {
      const { listAgents } = await import('./agents.action.js');
      await listAgents(options);
    });

const createDefaultsCommand = (): Command =>
  new Command('create-defaults')
    .summary('create missing default agents')
    .description(
      'Creates the default agents (imperium, guardian, sandbox, conquest) that do not exist. An agent whose row was ' +
        'deleted manually is restored from the ledger.',
    )
    .option('--json', 'print the result as JSON')
    .action(async (options: OutputOptions) => {
      const { createDefaultAgents } = await import('./agents.action.js');
      await createDefaultAgents(options);
    });

function parsePositive(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return Number(text);
}
