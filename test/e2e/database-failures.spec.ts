import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '../../src/config/database-url.js';
import { runSql } from '../support/run-sql.js';
import { countLockWaits } from '../support/lock-waits.js';
import { type Answer, startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { type Code, expectProblem } from './support/problem.js';
import { stored } from './support/read.js';
import { until } from './support/until.js';

const PATH = agentPath('guardian');
const write = (app: TestApp) => app.send('PUT', PATH, { xp: 1 });

const codeOf = ({ body }: Answer) => (body as { code?: string }).code;

function expectFailure(answer: Answer, code: Code): void {
  expectProblem(answer, code, PATH);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
}

/** Sends a write that waits for a lock, and does something to its session while it waits. */
async function whileItWaits(app: TestApp, work: () => Promise<unknown>): Promise<Answer> {
  const { database } = app;
  await database.query('BEGIN');
  await database.query('LOCK agent_metrics');
  const answer = write(app);
  await until(async () => (await countLockWaits(database)) > 0);
  await work();
  const answered = await answer;
  await database.query('COMMIT');
  return answered;
}

describe('a write that fails in the database', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ LOCK_TIMEOUT: '60', STATEMENT_TIMEOUT: '50' });
  });
  afterAll(() => app.close());

  /** Raised by a trigger: a server whose disk or memory is full cannot be had in a test. */
  it.each([
    ['database_disk_full', '53100'],
    ['database_out_of_memory', '53200'],
    ['database_limit_exceeded', '53400'],
  ] as const)('%s', async (code, sqlState) => {
    await app.database.query(`
      CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'secret of the server' USING ERRCODE = '${sqlState}'; END $$;
      CREATE TRIGGER fail BEFORE UPDATE ON agent_metrics FOR EACH ROW EXECUTE FUNCTION fail()`);
    const before = await stored(app);
    const failed = await write(app);
    await app.database.query('DROP FUNCTION fail CASCADE');

    expectFailure(failed, code);
    expect(JSON.stringify(failed.body)).not.toContain('secret');
    expect(await stored(app)).toEqual(before);
    expect((await write(app)).status).toBe(200);
  });

  it('statement_timeout, if the statement is canceled', async () => {
    const cancel = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
                     WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    expectFailure(await whileItWaits(app, () => app.database.query(cancel)), 'statement_timeout');
    expect((await write(app)).status).toBe(200);
  });

  it('database_restarting, if the server ends the session', async () => {
    const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                  WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    expectFailure(await whileItWaits(app, () => app.database.query(end)), 'database_restarting');
    expect((await write(app)).status).toBe(200);
  });

  it('statement_timeout, if it takes too long', async () => {
    const impatient = await startTestApp({ LOCK_TIMEOUT: '60', STATEMENT_TIMEOUT: '0.5' });
    expectFailure(await whileItWaits(impatient, () => Promise.resolve()), 'statement_timeout');
    await impatient.close();
  });
});

describe('a database without free connections for the role', () => {
  it('fails reads and writes with database_connections_full', async () => {
    const role = `lvlup_test_${randomUUID().replaceAll('-', '')}`;
    const server = parseDatabaseUrl(process.env['TEST_SERVER'] ?? '');
    const rights = 'pg_read_all_data, pg_write_all_data';
    await runSql(server, `CREATE ROLE ${role} LOGIN PASSWORD 'secret' IN ROLE ${rights}`);
    const app = await startTestApp({}, (connection) => ({ ...connection, user: role, password: 'secret' }));
    expect((await write(app)).status).toBe(200);

    await app.database.query(`ALTER ROLE ${role} CONNECTION LIMIT 0`);
    await app.database.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = $1', [role]);
    // The service has to find out first that its sessions were ended.
    await until(async () => codeOf(await write(app)) !== 'database_unavailable');
    for (const answer of [await app.send('GET', PATH), await write(app)]) {
      expectFailure(answer, 'database_connections_full');
    }
    await app.close();
    await runSql(server, `DROP ROLE ${role}`);
  });
});

describe('a database that is unavailable', () => {
  it('fails reads and writes with database_unavailable', async () => {
    const app = await startTestApp();
    await app.database.drop();
    for (const answer of [await app.send('GET', PATH), await write(app)]) expectFailure(answer, 'database_unavailable');
    await app.app.close();
  });
});
