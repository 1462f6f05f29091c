import { parseDatabaseUrl } from '../../src/config/database-url.js';
import { migrate } from '../../src/database/schema/run-migrations.js';
import { runSql } from './run-sql.js';
import { startTestCluster } from './test-cluster.js';

/** The migrated database that every test's own database is a copy of. */
export const TEMPLATE = 'lvlup_test_template';

export interface TestServer {
  /** Of a database to connect to for making others. */
  url: string;
  stop(): Promise<void>;
}

/** The server that the tests run on: the one that TEST_DATABASE_URL names, or a throw-away cluster. */
export async function startTestServer(): Promise<TestServer> {
  const given = process.env['TEST_DATABASE_URL'];
  const server = given === undefined ? await startTestCluster() : outside(given);
  try {
    await makeTemplate(server.url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

function outside(url: string): TestServer {
  if (!parseDatabaseUrl(url).database.includes('test')) {
    throw new Error('TEST_DATABASE_URL names a database without "test" in its name; tests would damage it');
  }
  return { url, stop: () => Promise.resolve() };
}

async function makeTemplate(url: string): Promise<void> {
  const server = parseDatabaseUrl(url);
  await runSql(server, `DROP DATABASE IF EXISTS ${TEMPLATE} WITH (FORCE)`, `CREATE DATABASE ${TEMPLATE}`);
  await migrate({ ...server, database: TEMPLATE });
}
