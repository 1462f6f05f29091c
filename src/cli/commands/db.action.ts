import type { DataSource } from 'typeorm';
import { CITUS, findStorageForm } from '../../database/storage/index.js';
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

/** Rows and sizes of the shards of distributed tables, of which the coordinator has empty tables. */
const DISTRIBUTED_TABLES = `
  SELECT relname AS table, citus_total_relation_size(logicalrelid)::float8 AS bytes,
         (SELECT coalesce(sum(result::float8) FILTER (WHERE success), 0) AS rows
            FROM run_command_on_shards(logicalrelid, $$ SELECT pg_stat_get_live_tuples('%s'::regclass) $$)) AS rows
    FROM pg_dist_partition JOIN pg_class ON pg_class.oid = logicalrelid`;

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
  const tables = await runInSession(output.note, (session) => withDataSource(session, 1, readTables));
  await output.result(tables, table(TABLE_COLUMNS, tables));
}

async function readTables(dataSource: DataSource): Promise<Table[]> {
  const tables = await dataSource.query<Table[]>(TABLES);
  if ((await findStorageForm(dataSource.manager)) !== CITUS) return tables;
  const distributed = await dataSource.query<Table[]>(DISTRIBUTED_TABLES);
  return tables.map((local) => distributed.find(({ table: name }) => name === local.table) ?? local);
}
