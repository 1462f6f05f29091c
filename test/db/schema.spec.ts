import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { ENTITIES } from '../../src/core/entities.js';
import { CONSTRAINTS } from '../../src/database/errors/constraints.js';
import { buildDataSourceOptions, SINGLE_CONNECTION } from '../../src/database/schema/data-source-options.js';
import { migrate } from '../../src/database/schema/run-migrations.js';
import { MIGRATIONS } from '../../src/database/migrations/index.js';
import { createTestDatabase, EMPTY_TEMPLATE, type TestDatabase } from '../support/test-database.js';
import { startTestService } from '../support/test-service.js';

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase(EMPTY_TEMPLATE);
  await migrate(database.connection);
  dataSource = new DataSource(buildDataSourceOptions(database.connection, SINGLE_CONNECTION, ENTITIES));
  await dataSource.initialize();
});

afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

describe('the migrations', () => {
  it('make the schema that the entities describe', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it('run once when instances start together', async () => {
    const empty = await createTestDatabase(EMPTY_TEMPLATE);
    try {
      const runs = await Promise.all([1, 2, 3, 4].map(() => migrate(empty.connection)));
      expect(runs.flat()).toEqual(MIGRATIONS.map(({ name }) => name));
    } finally {
      await empty.drop();
    }
  });

  it('leave a table alone that something else made', async () => {
    const foreign = await createTestDatabase(EMPTY_TEMPLATE);
    try {
      await foreign.query(`CREATE TABLE agent_metrics AS SELECT 'kept' AS agent_type`);
      await expect(migrate(foreign.connection)).rejects.toThrow(
        /no schema migration created.*agent_metrics.*Nothing was changed/,
      );
      expect(await foreign.query('SELECT * FROM agent_metrics')).toEqual([{ agent_type: 'kept' }]);
    } finally {
      await foreign.drop();
    }
  });

  it('can be reverted to an empty schema', async () => {
    const other = await createTestDatabase();
    const reverting = new DataSource(buildDataSourceOptions(other.connection, SINGLE_CONNECTION, ENTITIES));
    await reverting.initialize();
    try {
      for (let left = MIGRATIONS.length; left > 0; left--) await reverting.undoLastMigration();
      const tables = await other.query<{ tablename: string }>(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
      );
      expect(tables).toEqual([{ tablename: 'agent_metrics_migrations' }]);
    } finally {
      await reverting.destroy();
      await other.drop();
    }
  });

  it('leave the planner with statistics of every table that has rows', async () => {
    const older = await startTestService();
    await older.service.updateCustodyTestResult('guardian', { passed: true, score: 90, duration: 3 });
    await older.stop();
    const reverting = new DataSource(buildDataSourceOptions(older.database.connection, SINGLE_CONNECTION, ENTITIES));
    await reverting.initialize();
    try {
      for (let left = MIGRATIONS.length; left > 1; left--) await reverting.undoLastMigration();
      await migrate(older.database.connection);
      const known = await older.database.query<{ tablename: string }>(
        "SELECT tablename FROM pg_stats WHERE schemaname = 'public' AND attname = 'agent_type' ORDER BY 1",
      );
      expect(known.map(({ tablename }) => tablename)).toEqual([
        'agent_events',
        'agent_metrics',
        'test_rollups_by_hour',
        'test_rollups_by_kind',
      ]);
    } finally {
      await reverting.destroy();
      await older.close();
    }
  });
});

describe('agent_metrics', () => {
  it('has the columns, types and defaults that operators know', async () => {
    const columns = await database.query(
      `SELECT column_name, data_type, character_maximum_length AS length, column_default, is_nullable
         FROM information_schema.columns WHERE table_name = 'agent_metrics' ORDER BY ordinal_position`,
    );
    expect(columns).toMatchSnapshot();
  });

  it('compares agent types byte by byte, as all tables do', async () => {
    const collations = await database.query(
      `SELECT table_name, collation_name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'agent_type' ORDER BY 1`,
    );
    expect(collations).toEqual(
      [
        'agent_aliases',
        'agent_events',
        'agent_metrics',
        'agent_tests',
        'ledger_events',
        'test_rollups_by_hour',
        'test_rollups_by_kind',
        'webhook_deliveries',
      ].map((table) => ({
        table_name: table,
        collation_name: 'C',
      })),
    );
  });

  it.each([
    [CONSTRAINTS.testsAddUp, 'total_tests_given = 1'],
    [CONSTRAINTS.ratesAreRatios, 'pass_rate = 1.01'],
    [CONSTRAINTS.ratesAreRatios, "success_rate = 'NaN'"],
    [CONSTRAINTS.nothingNegative, 'xp = -1'],
    [CONSTRAINTS.nothingNegative, "learning_score = 'infinity'"],
    [CONSTRAINTS.levelsFromOne, 'level = 0'],
    [CONSTRAINTS.levelsFromOne, 'custody_level = 0'],
  ])('has %s, which refuses %s', async (constraint, assignment) => {
    await database.query(`INSERT INTO agent_metrics (agent_id, agent_type) VALUES ('a', 'a') ON CONFLICT DO NOTHING`);
    await expect(database.query(`UPDATE agent_metrics SET ${assignment}`)).rejects.toMatchObject({ constraint });
  });

  it('has each agent type once', async () => {
    const insert = `INSERT INTO agent_metrics (agent_id, agent_type) VALUES ('b', 'b')`;
    await database.query(insert);
    await expect(database.query(insert)).rejects.toMatchObject({ constraint: CONSTRAINTS.agentTypeUnique });
  });
});
