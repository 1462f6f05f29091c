import { Output, type OutputOptions } from '../output.js';
import { runInSession, withDataSource } from '../session.js';
import { table } from '../table.js';

interface ServerInfo {
  version: string;
  database: string;
  role: string;
}

const SERVER_INFO = `
  SELECT current_setting('server_version') AS version, current_database() AS database, current_user AS role`;

const TABLE_COLUMNS = ['table', 'rows', 'bytes'] as const;
type Table = Record<(typeof TABLE_COLUMNS)[number], string | number>;

const TABLES = `
  SELECT relname AS table, greatest(n_live_tup, 0)::float8 AS rows, pg_total_relation_size(relid)::float8 AS bytes
    FROM pg_stat_user_tables ORDER BY relname`;

export async function pingDatabase(options: OutputOptions): Promise<void> {
  const output = new Output(options);
  await runInSession(output.note, (session) =>
    withDataSource(session, 1, async (dataSource) => {
      const start = performance.now();
      const [info] = await dataSource.query<ServerInfo[]>(SERVER_INFO);
      const milliseconds = Math.round((performance.now() - start) * 100) / 100;
      const { version = '', database = '', role = '' } = info ?? {};
      await output.result({ ...info, milliseconds }, [
        `PostgreSQL ${version}, database ${database}, role ${role}: answered in ${milliseconds} ms`,
      ]);
    }),
  );
}

export async function listTables(options: OutputOptions): Promise<void> {
  const output = new Output(options);
  const tables = await runInSession(output.note, (session) =>
    withDataSource(session, 1, (dataSource) => dataSource.query<Table[]>(TABLES)),
  );
  await output.result(tables, table(TABLE_COLUMNS, tables));
}
