import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '../../src/config/database-url.js';
import { migrate } from '../../src/database/schema/run-migrations.js';
import { runSql } from '../support/run-sql.js';
import { runUntilExit, startService } from '../support/service-process.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { startTestCluster, type TestCluster } from '../support/test-cluster.js';
import { createTestDatabase, EMPTY_TEMPLATE, type TestDatabase } from '../support/test-database.js';
import { agentPath, AGENTS } from './support/paths.js';
import { expectProblem } from './support/problem.js';
import { until } from './support/until.js';

const PATH = agentPath('guardian');
const SET_TO_READ_ONLY = 'is read-only (default_transaction_read_only)';
const STANDBY = 'is a standby (pg_is_in_recovery)';

/** Has all new sessions read only, or no longer, and ends those that are open. */
async function setReadOnly({ connection }: TestDatabase, value: 'on' | 'off'): Promise<void> {
  await runSql(
    connection,
    'SET default_transaction_read_only = off',
    `ALTER DATABASE ${connection.database} SET default_transaction_read_only = ${value}`,
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'lvlup-agent-metrics' AND pid <> pg_backend_pid()`,
  );
}

async function expectReadsOnly(app: TestApp, reason: string): Promise<void> {
  const write = await app.send('PUT', PATH, { xp: 1 });
  expectProblem(write, 'database_read_only', PATH);
  expect(Number(write.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await app.send('GET', AGENTS)).status).toBe(200);
  const { status, body } = await app.send('GET', '/health/ready');
  expect([status, body]).toEqual([
    503,
    { status: 'unhealthy', database: 'connected', reason: `the database ${reason}` },
  ]);
}

describe('a database that is set to read-only', () => {
  it('serves reads, refuses writes and is not ready, until it is writable again', async () => {
    const app = await startTestApp();
    const { connection } = app.database;
    const isReady = async () => (await app.send('GET', '/health/ready')).status === 200;
    await setReadOnly({ ...app.database, connection: { ...connection, applicationName: 'test' } }, 'on');
    await until(async () => !(await isReady()) && (await app.send('GET', PATH)).status === 200);
    await expectReadsOnly(app, SET_TO_READ_ONLY);

    await setReadOnly({ ...app.database, connection: { ...connection, applicationName: 'test' } }, 'off');
    await until(isReady);
    expect((await app.send('PUT', PATH, { xp: 1 })).status).toBe(200);
    await app.close();
  });

  it('is not migrated, and the start reports reason and remedy', async () => {
    const database = await createTestDatabase(EMPTY_TEMPLATE);
    await database.query(`ALTER DATABASE ${database.connection.database} SET default_transaction_read_only = on`);
    const { code, output } = await runUntilExit({ DATABASE_URL: database.url });
    await database.drop();
    expect(code).toBe(1);
    expect(output).toContain(
      `The database ${database.connection.database} ${SET_TO_READ_ONLY}, so that the schema migrations cannot run. ` +
        'Nothing was changed. Set DATABASE_URL to the primary, or make the database writable',
    );
  });

  it('is served if it is migrated, and the log reports the refused writes', async () => {
    const database = await createTestDatabase();
    await database.query(`ALTER DATABASE ${database.connection.database} SET default_transaction_read_only = on`);
    const service = await startService({ DATABASE_URL: database.url }, '/health/live');
    const warning = 'the service is not ready, and refuses writes until the database is writable';
    await until(() => service.output().includes(`The database ${SET_TO_READ_ONLY}: ${warning}`));
    expect((await fetch(`${service.url}${AGENTS}`)).status).toBe(200);
    await service.end('SIGTERM');
    await database.drop();
  });
});

describe('a standby', () => {
  let cluster: TestCluster;
  beforeAll(async () => {
    cluster = await startTestCluster();
    const connection = parseDatabaseUrl(cluster.url);
    await migrate(connection);
    // So that the standby knows which transactions run, without a primary that would tell it.
    await runSql(connection, 'CREATE DATABASE not_migrated', 'CHECKPOINT');
    await writeFile(join(cluster.dataDir, 'standby.signal'), '', { mode: 0o666 });
    await cluster.restart();
  });
  afterAll(() => cluster.stop());

  it('serves reads, refuses writes and is not ready', async () => {
    const app = await startTestApp({}, () => parseDatabaseUrl(cluster.url));
    await expectReadsOnly(app, STANDBY);
    await app.close();
  });

  it('is not migrated, and the start reports the reason', async () => {
    const url = Object.assign(new URL(cluster.url), { pathname: '/not_migrated' }).href;
    const { code, output } = await runUntilExit({ DATABASE_URL: url });
    expect(code).toBe(1);
    expect(output).toContain(`The database not_migrated ${STANDBY}, so that the schema migrations cannot run.`);
  });
});
