import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { type DatabaseConnection, parseDatabaseUrl } from '../../src/config/database-url.js';
import { selectClientClass, buildClientConfig } from '../../src/database/client/client.js';
import { runSql } from './run-sql.js';
import { TEMPLATE } from './test-server.js';

/** Template of a database without any schema. */
export const EMPTY_TEMPLATE = 'template0';

/** A migrated database that belongs to one test file. */
export interface TestDatabase {
  connection: DatabaseConnection;
  /** The same, as DATABASE_URL. */
  url: string;
  /** Runs SQL as an operator would, past the service. */
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

/** Makes a database by copying the template (or, for tests of the migrations, an empty one). */
export async function createTestDatabase(template = TEMPLATE): Promise<TestDatabase> {
  const url = process.env['TEST_SERVER'];
  if (url === undefined) throw new Error('the global set-up started no test server');
  const server = parseDatabaseUrl(url);
  const database = `lvlup_test_${randomBytes(6).toString('hex')}`;
  await runSql(server, `CREATE DATABASE ${database} TEMPLATE ${template} STRATEGY file_copy`);
  const connection = { ...server, database };
  const client = new (selectClientClass(connection))(buildClientConfig(connection));
  await client.connect();
  return {
    connection,
    url: Object.assign(new URL(url), { pathname: `/${database}` }).href,
    query: async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
      (await client.query<Row>(sql, values)).rows,
    drop: async () => {
      await client.end();
      await runSql(server, `DROP DATABASE ${database} WITH (FORCE)`);
    },
  };
}
