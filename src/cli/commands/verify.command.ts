import { Command } from 'commander';
import type { OutputOptions } from '../output.js';

export const verifyCommand = (): Command =>
  new Command('verify')
    .summary('compare all rows and rollups with the ledger')
    .description(
      'Folds the ledger of every agent and compares the result with its row and with the rollups. Checks that versions ' +
        'have no gap and that each event matches its hash. Reads one snapshot, also while a service is writing, and changes ' +
        'nothing. Reports each difference when it is found (with --json: the first 1,000, in the result). Exits with 1 if ' +
        'there is a difference.',
    )
    .option('--json', 'print the result as JSON')
    .action(async (options: OutputOptions) => {
      const { runVerify } = await import('./verify.action.js');
      await runVerify(options);
    });
