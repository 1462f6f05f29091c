import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MigrationContext, MigrationStep } from '../../src/legacy-migration/migrate.js';
import { MIGRATION_STEPS } from '../../src/legacy-migration/steps/migration-steps.js';
import { LEGACY_TABLE_SQL } from '../factories/legacy-table.factory.js';
import { dumpDatabase } from '../support/database-dump.js';
import { migrateDatabase } from '../support/migrate-database.js';
import { createTestDatabase, EMPTY_TEMPLATE, type TestDatabase } from '../support/test-database.js';

const ROWS = `
  INSERT INTO agent_metrics (agent_id, agent_type, xp, updated_at)
  SELECT 'agent ' || n, 'type ' || n % 360, n, now() - n * interval '1 second' FROM generate_series(1, 400) n`;

let database: TestDatabase;
let before: unknown;

beforeEach(async () => {
  database = await createTestDatabase(EMPTY_TEMPLATE);
  await database.query(LEGACY_TABLE_SQL);
  await database.query(ROWS);
  before = await dumpDatabase(database);
});
afterEach(() => database.drop());

/** A fault before the migration, so that it fails in the middle of a step. */
async function prepare(...statements: string[]): Promise<void> {
  for (const statement of statements) await database.query(statement);
  before = await dumpDatabase(database);
}

describe('a migration that fails', () => {
  const places = MIGRATION_STEPS.flatMap((step, index) => [
    { place: `before ${step.name}`, index },
    { place: `after ${step.name}`, index: index + 1 },
  ]);

  it.each(places)('$place changes nothing', async ({ place, index }) => {
    const failing: MigrationStep = {
      name: place,
      run: () => Promise.reject(new Error('the disk is full')),
    };
    const report = await migrateDatabase(database, { steps: MIGRATION_STEPS.toSpliced(index, 0, failing) });
    expect(report).toMatchObject({
      outcome: 'failed',
      failure: { step: place, message: 'the disk is full', advice: expect.stringContaining('Nothing was changed') },
    });
    expect(report.steps).toHaveLength(index);
    expect(await dumpDatabase(database)).toEqual(before);
  });

  it.each(places)('$place because the connection is lost changes nothing', async ({ place, index }) => {
    const killing: MigrationStep = {
      name: place,
      run: async ({ manager }: MigrationContext) => {
        await manager.query('SELECT pg_terminate_backend(pg_backend_pid())');
        return { changed: false, summary: [] };
      },
    };
    const report = await migrateDatabase(database, { steps: MIGRATION_STEPS.toSpliced(index, 0, killing) });
    expect(report).toMatchObject({
      outcome: 'failed',
      failure: { step: place, advice: expect.stringMatching(/again/) },
    });
    expect(await dumpDatabase(database)).toEqual(before);
  });

  it('between two rows changes nothing', async () => {
    const raising: MigrationStep = {
      name: 'raising',
      run: async ({ manager }) => {
        await manager.query(
          `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN IF NEW.agent_type = ''type 300'' THEN RAISE ''no 300 here''; END IF; RETURN NEW; END'`,
        );
        await manager.query(
          'CREATE TRIGGER refuse BEFORE INSERT ON agent_events FOR EACH ROW EXECUTE FUNCTION refuse()',
        );
        return { changed: true, summary: [] };
      },
    };
    const report = await migrateDatabase(database, { steps: MIGRATION_STEPS.toSpliced(1, 0, raising) });
    expect(report).toMatchObject({ outcome: 'failed', failure: { step: 'legacy rows', message: 'no 300 here' } });
    expect(await dumpDatabase(database)).toEqual(before);
  });

  it('at the COMMIT changes nothing', async () => {
    const deferring: MigrationStep = {
      name: 'deferring',
      run: async ({ manager }) => {
        await manager.query(
          `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''not now''; END'`,
        );
        await manager.query(
          `CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON agent_events DEFERRABLE INITIALLY DEFERRED
             FOR EACH ROW EXECUTE FUNCTION refuse()`,
        );
        return { changed: true, summary: [] };
      },
    };
    const report = await migrateDatabase(database, { steps: MIGRATION_STEPS.toSpliced(1, 0, deferring) });
    expect(report).toMatchObject({ outcome: 'failed', failure: { step: 'commit', message: 'not now' } });
    expect(await dumpDatabase(database)).toEqual(before);
  });

  it.each([
    ['a table', 'CREATE TABLE agent_events (id integer)', /already exist.*: agent_events$/],
    [
      'an index',
      'CREATE TABLE other (a integer); CREATE INDEX ix_agent_metrics_ranking ON other (a)',
      /ix_agent_metrics_ranking/,
    ],
    [
      'the table of an earlier move',
      'CREATE TABLE agent_metrics_legacy (a integer)',
      /already exist.*: agent_metrics_legacy$/,
    ],
    [
      'a function',
      `CREATE FUNCTION free_rollup_slot() RETURNS smallint LANGUAGE sql AS 'SELECT 1::smallint'`,
      /free_rollup_slot/,
    ],
  ])('because %s with a name of the schema exists reports it, and changes nothing', async (_, sql, message) => {
    await prepare(sql);
    const report = await migrateDatabase(database);
    expect(report).toMatchObject({
      outcome: 'failed',
      failure: { step: 'schema', message: expect.stringMatching(message) },
    });
    expect(await dumpDatabase(database)).toEqual(before);
  });

  it('because the table is not one of the old backend reports it', async () => {
    await prepare('DROP TABLE agent_metrics', 'CREATE TABLE agent_metrics (a integer)');
    expect(await migrateDatabase(database)).toMatchObject({
      failure: { message: expect.stringContaining('no column agent_type') },
    });
    await prepare('DROP TABLE agent_metrics', `CREATE VIEW agent_metrics AS SELECT 'a' AS agent_type`);
    expect(await migrateDatabase(database)).toMatchObject({ failure: { message: expect.stringContaining('view') } });
    await prepare(
      'DROP VIEW agent_metrics',
      'CREATE SCHEMA elsewhere',
      `CREATE TABLE elsewhere.agent_metrics AS SELECT 'a' AS agent_type`,
    );
    const [{ name } = { name: '' }] = await database.query<{ name: string }>('SELECT current_database() AS name');
    await prepare(`ALTER DATABASE ${name} SET search_path = public, elsewhere`);
    expect(await migrateDatabase(database)).toMatchObject({
      failure: { message: expect.stringContaining('elsewhere') },
    });
    expect(await dumpDatabase(database)).toEqual(before);
  });

  it('because another session writes to the legacy table reports it', async () => {
    await database.query('BEGIN');
    await database.query("UPDATE agent_metrics SET xp = 1 WHERE agent_id = 'agent 1'");
    const impatient: MigrationStep = {
      name: 'impatient',
      run: async ({ manager }) => {
        await manager.query("SET LOCAL lock_timeout = '100ms'");
        return { changed: false, summary: [] };
      },
    };
    const report = await migrateDatabase(database, { steps: [impatient, ...MIGRATION_STEPS] });
    await database.query('ROLLBACK');
    expect(report).toMatchObject({
      failure: { step: 'schema', advice: expect.stringContaining('Stop the old backend') },
    });
  });

  it('can be repeated, and then succeeds', async () => {
    await prepare('CREATE TABLE agent_events (id integer)');
    expect(await migrateDatabase(database)).toMatchObject({ outcome: 'failed' });
    await database.query('DROP TABLE agent_events');
    expect(await migrateDatabase(database)).toMatchObject({ outcome: 'changed' });
    const [counted] = await database.query('SELECT count(*)::integer AS agents FROM agent_metrics');
    expect(counted).toEqual({ agents: 364 });
  });
});

describe('a dry run', () => {
  it('reports the result of the migration, and changes nothing', async () => {
    const dry = await migrateDatabase(database, { dryRun: true });
    expect(dry).toMatchObject({ outcome: 'would_change', dry_run: true, failure: null });
    expect(await dumpDatabase(database)).toEqual(before);
    const real = await migrateDatabase(database, { postCommitSteps: [] });
    expect(real).toMatchObject({ outcome: 'changed' });
    expect(dry.steps.map(({ summary }) => summary)).toEqual(real.steps.map(({ summary }) => summary));
  });
});
