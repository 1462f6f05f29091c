import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabaseConnection, parseDatabaseUrl } from '../../src/config/database-url.js';
import { selectClientClass, buildClientConfig } from '../../src/database/client/client.js';
import { migrate } from '../../src/database/schema/run-migrations.js';
import { waitForServer } from '../../src/database/server/wait-for-server.js';
import { runSql } from '../support/run-sql.js';
import { startTestCluster, type TestCluster } from '../support/test-cluster.js';
import { startTestService, type TestService } from '../support/test-service.js';

const RECOVERY_LIMIT_MS = 30_000;
const RESULT = { passed: true, score: 95, duration: 1, xp_awarded: 1 };
const silent = () => undefined;

/** A server of its own, with a migrated database. */
interface Server {
  cluster: TestCluster;
  connection: DatabaseConnection;
}

let first: Server;
let second: Server;
beforeAll(async () => {
  [first, second] = await Promise.all([startServer(), startServer()]);
});
afterAll(() => Promise.all([first, second].map(({ cluster }) => cluster.stop())));

async function startServer(): Promise<Server> {
  const cluster = await startTestCluster({ settings: { synchronous_commit: 'on' } });
  const connection = parseDatabaseUrl(cluster.url);
  await migrate(connection);
  return { cluster, connection };
}

/** Changes a setting of the server as operators do, also for the sessions that are open. */
async function alter({ connection }: Server, name: string, value: string): Promise<void> {
  const writable = 'SET default_transaction_read_only = off';
  await runSql(connection, writable, `ALTER SYSTEM SET ${name} = '${value}'`, 'SELECT pg_reload_conf()');
  for (;;) {
    const [row] = await query(connection, `SELECT current_setting('${name}') AS value`);
    if (row?.['value'] === value) return;
  }
}

const readOnly = (server: Server, value: 'on' | 'off') => alter(server, 'default_transaction_read_only', value);

async function query(connection: DatabaseConnection, sql: string): Promise<Record<string, unknown>[]> {
  const client = new (selectClientClass(connection))(buildClientConfig(connection));
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Both servers in one URL, the first one first. */
function both(target?: string): DatabaseConnection {
  const { host, port } = second.connection;
  const url = new URL(first.cluster.url);
  url.searchParams.set('host', `${first.connection.host},${host}`);
  url.searchParams.set('port', `${first.connection.port},${port}`);
  if (target !== undefined) url.searchParams.set('target_session_attrs', target);
  return parseDatabaseUrl(url.href);
}

async function folderOf(connection: DatabaseConnection): Promise<unknown> {
  const [row] = await query(connection, `SELECT current_setting('data_directory') AS folder`);
  return row?.['folder'];
}

async function eventsOf({ connection }: Server, agentType: string): Promise<number> {
  const [row] = await query(
    connection,
    `SELECT count(*)::integer AS events FROM agent_events WHERE type = 'custody_test' AND agent_type = '${agentType}'`,
  );
  return Number(row?.['events']);
}

function serve(connection: DatabaseConnection, variables: Record<string, string> = {}): Promise<TestService> {
  const unused = () => Promise.reject(new Error('unused'));
  return startTestService(variables, { connection, url: '', query: unused, drop: unused });
}

describe('a URL with several servers', () => {
  it('leads to the one that is what it must be, whichever comes first', async () => {
    await readOnly(first, 'on');
    expect(await folderOf(both('read-write'))).toBe(second.cluster.dataDir);
    expect(await folderOf(both('read-only'))).toBe(first.cluster.dataDir);
    expect(await folderOf(both('primary'))).toBe(first.cluster.dataDir);
    expect(await folderOf(both())).toBe(first.cluster.dataDir);
    await readOnly(first, 'off');
    expect(await folderOf(both('read-write'))).toBe(first.cluster.dataDir);
  });

  it('says of each server why it will not do, when none does', async () => {
    await expect(waitForServer(both('standby'), 0, silent)).rejects.toThrow(
      /none of the servers can be used: \S+ \(not standby\), \S+ \(not standby\)/,
    );
  });

  it('is refused at once where a server refuses the session for good', async () => {
    const stranger = { ...both('read-write'), database: 'missing' };
    await expect(waitForServer(stranger, RECOVERY_LIMIT_MS, silent)).rejects.toThrow(/"missing" does not exist/);
  });

  it('takes the service from a server that becomes read-only, or goes away, to the other one', async () => {
    await readOnly(second, 'on');
    const test = await serve(both('read-write'));
    /** Records a test as a client does that sends it again until it is recorded; returns the errors before. */
    const record = async (agentType: string): Promise<unknown[]> => {
      const errors: unknown[] = [];
      const idempotencyKey = randomUUID();
      const deadline = Date.now() + RECOVERY_LIMIT_MS;
      while (Date.now() < deadline) {
        try {
          await test.service.updateCustodyTestResult(agentType, RESULT, { idempotencyKey });
          return errors;
        } catch (error) {
          errors.push((error as { code?: string }).code);
          await sleep(20);
        }
      }
      throw new Error(`not recorded within ${RECOVERY_LIMIT_MS} ms: ${errors.join()}`);
    };
    try {
      expect(await record('before')).toEqual([]);
      expect(await eventsOf(first, 'before')).toBe(1);

      await readOnly(first, 'on');
      await readOnly(second, 'off');
      expect(new Set(await record('demoted'))).toEqual(new Set(['database_read_only']));
      expect([await eventsOf(first, 'demoted'), await eventsOf(second, 'demoted')]).toEqual([0, 1]);

      await readOnly(first, 'off');
      await second.cluster.stop();
      expect(new Set(await record('gone'))).toEqual(new Set(['database_unavailable']));
      expect(await eventsOf(first, 'gone')).toBe(1);
    } finally {
      await test.stop();
    }
  });
});

describe('a commit whose wait for a standby is cancelled', () => {
  it('is not acknowledged, not even when its request is sent again, until it is replicated', async () => {
    const test = await serve(first.connection);
    const record = () => test.service.updateCustodyTestResult('replicated', RESULT, { idempotencyKey: 'one result' });
    /** Cancels the commit that waits, as soon as it does. PostgreSQL reports it as a success. */
    const cancelled = async () => {
      const recording = record();
      const outcome = expect(recording).rejects.toMatchObject({
        code: 'database_unavailable',
        message: expect.stringContaining('is unknown whether') as unknown,
      });
      const cancel = `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'`;
      while ((await query(first.connection, cancel)).length === 0) await sleep(5);
      await outcome;
    };
    try {
      await alter(first, 'synchronous_standby_names', 'away');
      await cancelled();
      expect(await eventsOf(first, 'replicated')).toBe(1);
      await cancelled();

      await alter(first, 'synchronous_standby_names', '');
      expect(await record()).toMatchObject({ replayed: true });
      expect(await eventsOf(first, 'replicated')).toBe(1);
    } finally {
      await alter(first, 'synchronous_standby_names', '');
      await test.stop();
    }
  });
});
