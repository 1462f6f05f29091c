import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import type { DatabaseConnection } from '../../src/config/database-url.js';
import { buildDataSourceOptions, type PoolOptions } from '../../src/database/schema/data-source-options.js';
import { type Pooler, startPooler } from '../support/pooler.js';
import { runSql } from '../support/run-sql.js';
import { addressOf } from '../support/tcp-proxy.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Each setting, what somebody set it to, and what the service's statements must see. */
const SETTINGS = [
  ['DateStyle', 'SQL, DMY', 'ISO, YMD'],
  ['DateStyle', 'German', 'ISO, YMD'],
  ['IntervalStyle', 'iso_8601', 'postgres'],
  ['TimeZone', 'America/New_York', 'UTC'],
  ['client_encoding', 'LATIN1', 'UTF8'],
  ['extra_float_digits', '0', '1'],
  ['extra_float_digits', '-15', '1'],
  ['bytea_output', 'escape', 'hex'],
  ['standard_conforming_strings', 'off', 'on'],
  ['array_nulls', 'off', 'on'],
  ['default_transaction_isolation', 'serializable', 'read committed'],
  ['statement_timeout', '1h', '0'],
  ['lock_timeout', '1h', '0'],
  ['idle_in_transaction_session_timeout', '1h', '0'],
  ['transaction_timeout', '1h', '0'],
  ['session_replication_role', 'replica', 'origin'],
  ['synchronous_commit', 'off', 'on'],
] as const;

/** Settings that an operator may have chosen, and keeps. */
const KEPT = [
  ['synchronous_commit', 'local'],
  ['synchronous_commit', 'remote_write'],
  ['synchronous_commit', 'remote_apply'],
  ['session_replication_role', 'local'],
  ['default_transaction_read_only', 'on'],
  ['idle_session_timeout', '1h'],
] as const;

const set = (of: string, name: string, value: string) =>
  `ALTER ${of} SET ${name} = ${name === 'DateStyle' ? value : `'${value}'`}`;

let database: TestDatabase;
let pooler: Pooler;
let source: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  pooler = await startPooler(addressOf(database.connection));
});
afterEach(async () => {
  if (source.isInitialized) await source.destroy();
  await runSql(
    database.connection,
    'SET default_transaction_read_only = off',
    `ALTER DATABASE ${database.connection.database} RESET ALL`,
    `ALTER ROLE CURRENT_USER IN DATABASE ${database.connection.database} RESET ALL`,
  );
});
afterAll(async () => {
  await pooler.close();
  await database.drop();
});

/** A pool of one connection, as the service has them. */
async function open(connection: DatabaseConnection, timeouts: Partial<PoolOptions> = {}): Promise<DataSource> {
  source = new DataSource(buildDataSourceOptions(connection, { size: 1, overflow: 0, ...timeouts }, []));
  return source.initialize();
}

const ROUTES = [
  ['on a connection of its own', (): DatabaseConnection => database.connection],
  ['behind a pooler', (): DatabaseConnection => ({ ...database.connection, host: '127.0.0.1', port: pooler.port })],
] as const;

describe.each(ROUTES)('%s', (_, route) => {
  /** Values that statements see: outside of a transaction, as the first in one, and as the second in one. */
  async function seen(name: string): Promise<unknown[]> {
    // The default applies to each transaction.
    const shown = name.replace('default_transaction_isolation', 'transaction_isolation');
    const ask = async ({ manager }: { manager: EntityManager }): Promise<unknown> =>
      (await manager.query<{ value: string }[]>('SELECT current_setting($1) AS value', [shown]))[0]?.value;
    const inside = await source.transaction(async (manager) => [await ask({ manager }), await ask({ manager })]);
    return [await ask(source), ...inside];
  }

  it.each(SETTINGS)('%s = %s of the database is not what statements see', async (name, value, expected) => {
    await runSql(database.connection, set(`DATABASE ${database.connection.database}`, name, value));
    await open(route());
    expect(await seen(name)).toEqual(Array(3).fill(expected));
  });

  it.each(SETTINGS)('%s = %s of the role is not what statements see', async (name, value, expected) => {
    await runSql(
      database.connection,
      set(`ROLE CURRENT_USER IN DATABASE ${database.connection.database}`, name, value),
    );
    await open(route());
    expect(await seen(name)).toEqual(Array(3).fill(expected));
  });

  it.each(KEPT)('%s = %s stays', async (name, value) => {
    await runSql(database.connection, set(`DATABASE ${database.connection.database}`, name, value));
    await open(route());
    expect(await seen(name)).toEqual(Array(3).fill(value));
  });

  it('the timeouts are those of the service', async () => {
    await open(route(), { statementMs: 1_000, lockMs: 300, idleInTransactionMs: 500 });
    expect(await seen('statement_timeout')).toEqual(Array(3).fill('1s'));
    expect(await seen('lock_timeout')).toEqual(Array(3).fill('300ms'));
    expect(await seen('idle_in_transaction_session_timeout')).toEqual(Array(3).fill('500ms'));
  });

  it('a transaction has the isolation that it asks for', async () => {
    await open(route());
    const isolation = await source.transaction('REPEATABLE READ', async (manager) => {
      await manager.query('SET TRANSACTION READ ONLY');
      return manager.query<unknown[]>('SHOW transaction_isolation');
    });
    expect(isolation).toEqual([{ transaction_isolation: 'repeatable read' }]);
  });

  it('a statement outside of a transaction takes effect, or fails with its own error and takes none', async () => {
    await open(route());
    await source.query('CREATE TABLE kept (id integer PRIMARY KEY)');
    await source.query('INSERT INTO kept VALUES ($1)', [1]);
    await expect(source.query('INSERT INTO kept VALUES ($1)', [1])).rejects.toMatchObject({ code: '23505' });
    const together = await Promise.allSettled([
      source.query('INSERT INTO kept VALUES (2)'),
      source.query('SELECT nonsense'),
      source.query('INSERT INTO kept VALUES (3)'),
    ]);
    expect(together.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await database.query('SELECT id FROM kept ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    await source.query('DROP TABLE kept');
  });

  it('a transaction goes on after it went back to a savepoint', async () => {
    await open(route());
    const rows = await source.transaction(async (manager) => {
      await manager.query('CREATE TEMPORARY TABLE step (name text) ON COMMIT DROP');
      await manager
        .transaction(async (nested) => {
          await nested.query(`INSERT INTO step VALUES ('undone')`);
          throw new Error('back');
        })
        .catch(() => undefined);
      await manager.query(`INSERT INTO step VALUES ('kept')`);
      return manager.query<unknown[]>('SELECT name FROM step');
    });
    expect(rows).toEqual([{ name: 'kept' }]);
  });
});

describe('a role that may not switch triggers on again', () => {
  it('gets no connection', async () => {
    const { database: name } = database.connection;
    const role = `${name}_writer`;
    await runSql(
      database.connection,
      `CREATE ROLE ${role} LOGIN PASSWORD 'secret'`,
      `ALTER ROLE ${role} IN DATABASE ${name} SET session_replication_role = replica`,
    );
    try {
      await expect(open({ ...database.connection, user: role, password: 'secret' })).rejects.toThrow(
        'permission denied to set parameter "session_replication_role"',
      );
    } finally {
      await runSql(database.connection, `DROP ROLE ${role}`);
    }
  });
});

describe('behind a pooler, whose sessions others use as well', () => {
  it('no setting is left on the session', async () => {
    await runSql(database.connection, `ALTER DATABASE ${database.connection.database} SET TimeZone = 'Asia/Tokyo'`);
    const bare = `SELECT current_setting('TimeZone') AS timezone, current_setting('statement_timeout') AS timeout`;
    await open({ ...database.connection, host: '127.0.0.1', port: pooler.port }, { statementMs: 1_000 });
    await source.query('SELECT 1');
    await source.transaction((manager) => manager.query('SELECT 1'));
    // Past the settings of the transaction: what the next client of the session would see.
    const left = await new Promise((resolve, reject) => {
      const { master } = source.driver as unknown as { master: pg.Pool };
      master.query(bare, (error: Error | undefined, { rows }) => {
        if (error) reject(error);
        else resolve(rows);
      });
    });
    expect(left).toEqual([{ timezone: 'Asia/Tokyo', timeout: '0' }]);
  });
});
