import { Command } from 'commander';
import type { OutputOptions } from '../output.js';

export const dbCommand = (): Command =>
  new Command('db').description('The database of the service.').addCommand(pingCommand()).addCommand(tablesCommand());

const pingCommand = (): Command =>
  new Command('ping')
    .summary('test the connection to the database')
    .description(
      'Connects as the service does and reports the server. Waits up to DATABASE_CONNECT_TIMEOUT seconds for an unavailable ' +
        'server. Exits with 1 and the reason if the database cannot be used.',
    )
    .option('--json', 'print the result as JSON')
    .action(async (options: OutputOptions) => {
      const { pingDatabase } = await import('./db.action.js');
      await pingDatabase(options);
    });

const tablesCommand = (): Command =>
  new Command('tables')
    .summary('list the tables')
    .description(
      'Lists the tables with their estimated number of rows and their size in bytes, including indexes. Of tables distributed by Citus, those of all shards.',
    )
    .option('--json', 'print the tables as JSON')
    .action(async (options: OutputOptions) => {
      const { listTables } = await import('./db.action.js');
      await listTables(options);
    });
