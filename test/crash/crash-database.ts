import { type DatabaseConnection, parseDatabaseUrl } from '../../src/config/database-url.js';
import { runSql } from '../support/run-sql.js';
import type { TestCluster } from '../support/test-cluster.js';

const NAME = 'lvlup_crash_test';

/** The database of a test file, which the service migrates when it starts. */
export interface CrashDatabase {
  url: string;
  /** For the test's own connections. */
  connection: DatabaseConnection;
}

export async function createDatabase(cluster: TestCluster): Promise<CrashDatabase> {
  await runSql(parseDatabaseUrl(cluster.url), `CREATE DATABASE ${NAME}`);
  const url = new URL(cluster.url);
  url.pathname = `/${NAME}`;
  return { url: url.href, connection: parseDatabaseUrl(url.href) };
}
