import { Command } from 'commander';
import type { DistributeOptions } from './distribute.action.js';

export const distributeCommand = (): Command =>
  new Command('distribute')
    .summary('distribute the tables over several servers with Citus')
    .description(
      'Changes the storage form of a database that has the extension Citus: agents, their events and rollups are distributed ' +
        'to the workers by agent type, in one transaction. Nothing else must use the database meanwhile. Without --yes, it ' +
        'only prints the statements. The only way back is export and import; docs/scaling.md describes the differences. ' +
        'Exits with 1 and the reason if the tables cannot be distributed.',
    )
    .option('--dry-run', 'print the statements without running them')
    .option('--yes', 'run the statements')
    .option('--json', 'print the result as JSON')
    .action(async (options: DistributeOptions, command: Command) => {
      if (options.dryRun && options.yes) {
        command.error("error: option '--dry-run' cannot be used with option '--yes'");
      }
      const { runDistribute } = await import('./distribute.action.js');
      await runDistribute(options);
    });
