import { Command } from 'commander';
import { Output, type OutputOptions } from '../output.js';
import { withDataSource, runInSession } from '../session.js';
import { table } from '../table.js';

export const dbCommand = (): Command =>
  new Command('db').description('The database behind the service.').addCommand(ping()).addCommand(tables());

interface Answer {
  version: string;
  database: string;
  role: string;
}

const ping = (): Command =>
  new Command('ping')
    .summary('see whether the database answers')
    .description(
      'Connects as the service does, and says what answered. Waits up to DATABASE_CONNECT_TIMEOUT seconds for a server that ' +
        "isn't there yet. Exits with 1 and the reason when it can't be used.",
    )
    .option('--json', 'print the result as JSON')
    .action(async (options: OutputOptions) => {
      const output = new Output(options);
      await runInSession(output.note, (session) =>
        withDataSource(session, 1, async (dataSource) => {
          const start = performance.now();
          const [answer] = await dataSource.query<Answer[]>(
            `SELECT current_setting('server_version') AS version, current_database() AS database, current_user AS role`,
          );
          const milliseconds = Math.round((performance.now() - start) * 100) / 100;
          const { version = '', database = '', role = '' } = answer ?? {};
          await output.result({ ...answer, milliseconds }, [
            `PostgreSQL ${version}, database ${database}, role ${role}: answered in ${milliseconds} ms`,
          ]);
        }),
      );
    });

const TABLE_COLUMNS = ['table', 'rows', 'bytes'] as const;
type Table = Record<(typeof TABLE_COLUMNS)[number], string | number>;

const tables = (): Command =>
  new Command('tables')
    .summary('list the tables')
    .description(
      'Lists the tables, with the number of their rows as PostgreSQL estimates it, and their size with indexes.',
    )
    .option('--json', 'print them as JSON')
    .action(async (options: OutputOptions) => {
      const output = new Output(options);
      const found = await runInSession(output.note, (session) =>
        withDataSource(session, 1, (dataSource) =>
          dataSource.query<Table[]>(
            `SELECT relname AS table, greatest(n_live_tup, 0)::float8 AS rows,
                    pg_total_relation_size(relid)::float8 AS bytes
               FROM pg_stat_user_tables ORDER BY relname`,
          ),
        ),
      );
      await output.result(found, table(TABLE_COLUMNS, found));
    });
