import { Command } from 'commander';
import type { OutputOptions } from '../output.js';

export const checkCommand = (): Command =>
  new Command('check')
    .summary('try every operation on the database and roll back')
    .description(
      'Runs every database operation of the service, with timings: writes to a temporary agent in one transaction, which is ' +
        'rolled back, and reads of the existing data. Exits with 1 if one fails.',
    )
    .option('--json', 'print the result as JSON')
    .action(async (options: OutputOptions) => {
      const { runCheck } = await import('./check.action.js');
      await runCheck(options);
    });
