import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { legacyRow } from '../factories/legacy-row.arbitrary.js';
import { AGENT_COLUMNS } from '../factories/legacy-table.factory.js';
import { migrateDatabase, verifyDatabase } from '../support/migrate-database.js';
import { createTestDatabase, EMPTY_TEMPLATE } from '../support/test-database.js';

const ROWS = 1_500;
const QUOTED = AGENT_COLUMNS.map((column) => `"${column}"`);

describe('a legacy table of random rows', () => {
  it('is migrated completely, and the ledger agrees with the agents', async () => {
    const database = await createTestDatabase(EMPTY_TEMPLATE);
    try {
      await database.query(`CREATE TABLE agent_metrics (${QUOTED.map((column) => `${column} text`).join(', ')})`);
      const rows = fc.sample(legacyRow, ROWS).map((row) => AGENT_COLUMNS.map((column) => row[column] ?? null));
      for (const row of rows) {
        const values = row.map((_, index) => `$${index + 1}`).join(', ');
        await database.query(`INSERT INTO agent_metrics VALUES (${values})`, row);
      }
      expect(await migrateDatabase(database)).toMatchObject({ outcome: 'changed', failure: null });
      expect(await verifyDatabase(database)).toMatchObject({ differences: 0 });
      const [lost] = await database.query(
        `SELECT count(*)::integer AS rows FROM (
           SELECT to_jsonb(old) AS row FROM agent_metrics_legacy old
           EXCEPT ALL SELECT jsonb_array_elements(payload -> 'original') FROM agent_events
         ) lost`,
      );
      expect(lost).toEqual({ rows: 0 });
    } finally {
      await database.drop();
    }
  });

  it('with very many rows of one agent type becomes one agent with the values of the newest row', async () => {
    const database = await createTestDatabase(EMPTY_TEMPLATE);
    try {
      await database.query(
        `CREATE TABLE agent_metrics AS
           SELECT repeat('crowd ', 20) AS agent_type, n AS xp, timestamp '2025-01-01' + n * interval '1 minute' AS updated_at,
                  ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid AS id, 'kept ' || n AS unknown,
                  timestamp '2024-01-01' + n * interval '1 minute' AS created_at
             FROM generate_series(1, 250) n ORDER BY random()`,
      );
      const report = await migrateDatabase(database);
      expect(report).toMatchObject({
        outcome: 'changed',
        steps: [{}, { details: { rows: 250, agents: 1, merged: { agents: 1, rows: 250 } } }, {}, {}, {}, {}],
      });
      expect(await verifyDatabase(database)).toMatchObject({ differences: 0 });
      const rows = await database.query("SELECT * FROM agent_metrics WHERE agent_type LIKE 'crowd%'");
      expect(rows).toMatchObject([
        {
          version: 3,
          xp: 250,
          id: '00000000-0000-4000-8000-000000000250',
          created_at: new Date('2024-01-01T04:10:00Z'),
          unknown: 'kept 250',
        },
      ]);
      const parts = await database.query(
        `SELECT payload -> 'original' -> 0 ->> 'xp' AS first, payload -> 'original' -> -1 ->> 'xp' AS last
           FROM agent_events WHERE agent_type LIKE 'crowd%' ORDER BY version`,
      );
      expect(parts).toEqual([
        { first: '151', last: '250' },
        { first: '51', last: '150' },
        { first: '1', last: '50' },
      ]);
    } finally {
      await database.drop();
    }
  });

  it('that are larger than one FETCH is migrated in parts', async () => {
    const database = await createTestDatabase(EMPTY_TEMPLATE);
    try {
      await database.query(
        `CREATE TABLE agent_metrics AS
           SELECT 'verbose' AS agent_type, n AS xp, to_json(ARRAY[repeat('x', 1500000)]) AS learning_patterns, n AS total_tests_given
             FROM generate_series(1, 6) n`,
      );
      expect(await migrateDatabase(database)).toMatchObject({ outcome: 'changed' });
      expect(await verifyDatabase(database)).toMatchObject({ differences: 0 });
      const [row] = await database.query("SELECT version, xp FROM agent_metrics WHERE agent_type = 'verbose'");
      expect(row).toEqual({ version: 3, xp: 6 });
    } finally {
      await database.drop();
    }
  });

  it('with arrays as lists has JSON lists afterwards', async () => {
    const database = await createTestDatabase(EMPTY_TEMPLATE);
    try {
      await database.query(
        `CREATE TABLE agent_metrics (agent_type text, learning_patterns text[], improvement_suggestions varchar(50)[],
                                     test_history json[], config integer[], tags text[])`,
      );
      await database.query(
        `INSERT INTO agent_metrics VALUES ('guardian', ARRAY['a', 'with "quotes", and commas', NULL], '{}',
                                           ARRAY['{"score": 5, "passed": true}'::json], '{{1,2},{3,4}}', '{"x y",z}')`,
      );
      expect(await migrateDatabase(database)).toMatchObject({ outcome: 'changed' });
      expect(await verifyDatabase(database)).toMatchObject({ differences: 0 });
      const [row] = await database.query("SELECT * FROM agent_metrics WHERE agent_type = 'guardian'");
      expect(row).toMatchObject({
        learning_patterns: ['a', 'with "quotes", and commas', null],
        improvement_suggestions: [],
        test_history: [{ score: 5, passed: true }],
        config: [
          [1, 2],
          [3, 4],
        ],
        tags: ['x y', 'z'],
      });
    } finally {
      await database.drop();
    }
  });
});
