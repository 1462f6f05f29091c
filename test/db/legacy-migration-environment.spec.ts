import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { MigrationStep } from '../../src/legacy-migration/migrate.js';
import { MIGRATION_STEPS } from '../../src/legacy-migration/steps/migration-steps.js';
import { migrateDatabase, verifyDatabase } from '../support/migrate-database.js';
import { createTestDatabase, EMPTY_TEMPLATE, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
/** As SQL has it. */
let name: string;

beforeEach(async () => {
  database = await createTestDatabase(EMPTY_TEMPLATE);
  name = database.connection.database;
});
afterEach(() => database.drop());

/** The rest of the migration is run by this role, which every server has. */
const AS_MONITOR: MigrationStep = {
  name: 'as pg_monitor',
  run: async ({ manager }) => {
    await manager.query('SET LOCAL ROLE pg_monitor');
    return { changed: false, summary: [] };
  },
};

describe('the migration of a legacy table', () => {
  it('in a schema other than that of new tables prints a warning', async () => {
    await database.query('CREATE SCHEMA "Old one"');
    await database.query(`CREATE TABLE "Old one".agent_metrics AS SELECT 'guardian' AS agent_type, 7 AS xp`);
    const report = await migrateDatabase(database, { dryRun: true });
    const warning = report.steps[0]?.summary.find((line) => line.startsWith('WARNING')) ?? '';
    expect(warning).toContain('agent_metrics of the schema Old one was ignored');
    // The advice of the warning works.
    const options = new URLSearchParams(/options=\S+/.exec(warning)?.[0]).get('options') ?? '';
    expect(options).toBe('-csearch_path="Old\\ one"');
    await database.query(`ALTER DATABASE ${name} SET search_path = "Old one"`);
    expect(await migrateDatabase(database)).toMatchObject({ outcome: 'changed' });
    const rows = await database.query(`SELECT xp FROM "Old one".agent_metrics WHERE agent_type = 'guardian'`);
    expect(rows).toEqual([{ xp: 7 }]);
  });

  it('whose rows are hidden from its owner is rejected', async () => {
    await database.query(`CREATE TABLE agent_metrics AS SELECT 'guardian' AS agent_type`);
    await database.query(
      `ALTER TABLE agent_metrics OWNER TO pg_monitor, ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
       GRANT CREATE ON SCHEMA public TO pg_monitor`,
    );
    const steps = [AS_MONITOR, ...MIGRATION_STEPS];
    expect(await migrateDatabase(database, { steps })).toMatchObject({
      outcome: 'failed',
      failure: { step: 'schema', advice: expect.stringContaining('NO FORCE ROW LEVEL SECURITY') },
    });
    await database.query('ALTER TABLE agent_metrics NO FORCE ROW LEVEL SECURITY');
    expect(await migrateDatabase(database, { steps, postCommitSteps: [] })).toMatchObject({ outcome: 'changed' });
    expect(await verifyDatabase(database)).toMatchObject({ agents: 4, differences: 0 });
  });

  it('grants no access to rows that policies hide', async () => {
    await database.query(`CREATE TABLE agent_metrics AS SELECT 'guardian' AS agent_type`);
    await database.query(
      `ALTER TABLE agent_metrics OWNER TO pg_monitor, ENABLE ROW LEVEL SECURITY;
       GRANT SELECT ON agent_metrics TO PUBLIC, pg_read_all_stats; GRANT UPDATE (agent_type) ON agent_metrics TO pg_read_all_stats;
       CREATE POLICY own ON agent_metrics USING (agent_type = current_user)`,
    );
    const report = await migrateDatabase(database);
    expect(report.steps[0]?.details).toMatchObject({ granted_to: ['pg_monitor'] });
    expect(report.steps[0]?.summary).toContainEqual(expect.stringContaining('row security'));
    const [rights] = await database.query(
      `SELECT has_table_privilege('pg_monitor', 'agent_metrics', 'DELETE') AS owner,
              has_any_column_privilege('pg_read_all_stats', 'agent_metrics', 'SELECT, UPDATE') AS other`,
    );
    expect(rights).toEqual({ owner: true, other: false });
  });
});
