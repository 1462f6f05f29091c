import { Command, Option } from 'commander';
import type { RebuildOptions } from './rebuild.action.js';

export const rebuildCommand = (): Command =>
  new Command('rebuild')
    .summary('rewrite rows and rollups from the ledger')
    .description(
      'Folds the ledger and overwrites each row and rollup that differs from the result. Each difference is reported ' +
        'before it is overwritten. A service may run meanwhile. Agents whose chain of events is broken, or that have no ' +
        'events, are not changed. Exits with 1 if differences remain.',
    )
    .addOption(new Option('--agent <agent_type>', 'only this agent').conflicts('all'))
    .option('--all', 'all agents')
    .option('--dry-run', 'report the differences without writing')
    .option('--json', 'print the result as JSON')
    .action(async (options: RebuildOptions, command: Command) => {
      if (options.agent === undefined && !options.all) command.error('error: specify --agent <agent_type> or --all');
      const { runRebuild } = await import('./rebuild.action.js');
      await runRebuild(options);
    });
