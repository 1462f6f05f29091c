import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { REPAIR_RULES } from '../../src/legacy-migration/rules/repair.js';
import { LEGACY_TABLE_SQL } from '../factories/legacy-table.factory.js';
import { dumpDatabase } from '../support/database-dump.js';
import { migrateDatabase, verifyDatabase } from '../support/migrate-database.js';
import { createTestDatabase, EMPTY_TEMPLATE, type TestDatabase } from '../support/test-database.js';
import type { MigrationReport } from '../../src/legacy-migration/migrate.js';

/** A history of this many tests, as the old backend kept it. */
const HISTORY = (tests: number): string =>
  `(SELECT json_agg(json_build_object('passed', n % 2 = 0, 'score', n)) FROM generate_series(1, ${tests}) n)`;

const ROWS = `
  INSERT INTO agent_metrics (id, agent_id, agent_type, xp, level, created_at) VALUES
    ('018f3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f', 'imp', 'imperium', 1200, 1, '2024-01-01 10:00:00.123456');
  INSERT INTO agent_metrics (id, agent_type, xp) VALUES ('42', 'numbered', -5), ('x', 'all null', NULL);
  INSERT INTO agent_metrics (agent_type, agent_id, updated_at, created_at, total_tests_given, total_tests_passed) VALUES
    ('twin', 'older', '2025-01-01', NULL, 9, 9), ('twin', 'newest', '2025-03-01', NULL, 5, 5), ('twin', 'never', NULL, NULL, 7, 7),
    ('tie', 'few', NULL, '2025-01-01', 1, 1), ('tie', 'many', NULL, '2025-01-01', 2, 2), ('tie', 'endless', 'infinity', '2024-01-01', 3, 3);
  INSERT INTO agent_metrics (agent_type, test_history) VALUES ('long history', ${HISTORY(120)});
  INSERT INTO agent_metrics (agent_type, test_history, learning_patterns, config) VALUES
    ('odd lists', '"[{\\"passed\\": true}, 7]"', '{"a": 1}', '{"text": "a\\u0000b", "half": "\\ud800", "big": 12345678901234567890, "twice": 1, "twice": 2}');
  INSERT INTO agent_metrics (agent_type, xp, custody_xp, learning_score, pass_rate, success_rate, failure_rate, status, last_success) VALUES
    ('out of range', 99999999999, -3, 'infinity', 'NaN', 85, 'infinity', repeat('s', 50), 'infinity');
  INSERT INTO agent_metrics (agent_type, total_tests_given, total_tests_passed, total_tests_failed, consecutive_successes,
                             consecutive_failures, last_success, last_failure, current_difficulty, custody_level) VALUES
    ('contradicts itself', 10, 3, 4, 2, 3, '2025-01-02', '2025-01-01', 'EXPERT', 31);
  INSERT INTO agent_metrics (agent_type, agent_id) VALUES (NULL, 'nameless'), ('', 'empty'), (NULL, NULL), (NULL, 'imperium'),
    ('Imperium', 'capital'), ('leaderboard', 'path word'), ('*', 'star'), ('with / ? # % spaces ', 'signs'),
    (repeat('l', 60) || '1', 'long 1'), (repeat('l', 60) || '2', 'long 2');
  ALTER TABLE agent_metrics ADD region varchar(10) DEFAULT 'eu' NOT NULL, ADD notes json, ADD "Odd ""name" numeric(30, 10)[],
    ADD version integer DEFAULT 7, ADD c0 text;
  UPDATE agent_metrics SET region = 'us', notes = '{"a":1,"a":2}', "Odd ""name" = '{12345678901234567890.5}', c0 = 'c'
   WHERE agent_id = 'newest';`;

const AROUND = `
  ALTER INDEX agent_metrics_pkey RENAME TO pk_agent_metrics;
  CREATE INDEX ix_agent_metrics_creation ON agent_metrics (region);
  ALTER TABLE agent_metrics ADD CONSTRAINT uq_agent_events_idempotency_key UNIQUE (agent_id, agent_type),
    ADD CONSTRAINT ck_agent_metrics_levels CHECK (level > -100);
  CREATE VIEW agents_of_old AS SELECT agent_type FROM agent_metrics;
  CREATE TABLE notes (agent varchar(100) REFERENCES agent_metrics);
  CREATE FUNCTION ignore() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
  CREATE TRIGGER watch BEFORE UPDATE ON agent_metrics FOR EACH ROW EXECUTE FUNCTION ignore();
  GRANT SELECT ON agent_metrics TO PUBLIC; GRANT UPDATE (status) ON agent_metrics TO pg_monitor;`;

let database: TestDatabase;
let before: Record<string, string | null>[];
let report: MigrationReport;

beforeAll(async () => {
  database = await createTestDatabase(EMPTY_TEMPLATE);
  await database.query(LEGACY_TABLE_SQL);
  await database.query(ROWS);
  await database.query(AROUND);
  const columns = await database.query<{ name: string }>(
    "SELECT quote_ident(attname) AS name FROM pg_attribute WHERE attrelid = 'agent_metrics'::regclass AND attnum > 0",
  );
  before = await database.query(
    `SELECT ${columns.map(({ name }) => `${name}::text`).join(', ')} FROM agent_metrics ORDER BY id`,
  );
  report = await migrateDatabase(database);
});
afterAll(() => database.drop());

/** The row of an agent. */
async function agent(agentType: string): Promise<Record<string, unknown>> {
  const [row] = await database.query('SELECT * FROM agent_metrics WHERE agent_type = $1', [agentType]);
  if (!row) throw new Error(`there is no ${agentType}`);
  return row;
}

describe('the migration of a legacy table', () => {
  it('succeeds, and the ledger agrees with all rows', async () => {
    expect(report).toMatchObject({ outcome: 'changed', failure: null });
    expect(await verifyDatabase(database)).toMatchObject({ differences: 0 });
  });

  it('keeps every row and column unchanged in the events', async () => {
    const originals = await database.query<{ original: Record<string, string | null> }>(
      "SELECT jsonb_array_elements(payload -> 'original') AS original FROM agent_events WHERE type = 'imported'",
    );
    const sorted = originals
      .map(({ original }) => original)
      .sort((a, b) => ((a['id'] ?? '') < (b['id'] ?? '') ? -1 : 1));
    expect(sorted).toEqual([...before].sort((a, b) => ((a['id'] ?? '') < (b['id'] ?? '') ? -1 : 1)));
  });

  it('keeps the legacy table', async () => {
    const [kept] = await database.query('SELECT count(*)::integer AS rows FROM agent_metrics_legacy');
    expect(kept).toEqual({ rows: before.length });
  });

  it('keeps numbers, identity and time of creation, and applies the rules', async () => {
    expect(await agent('imperium')).toMatchObject({
      id: '018f3c1e-7b2a-7c3d-8e4f-5a6b7c8d9e0f',
      agent_id: 'imp',
      version: 1,
      xp: 1200,
      level: 2,
      created_at: new Date('2024-01-01T10:00:00.123Z'),
    });
    expect(await agent('numbered')).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/), xp: 0 });
    expect(await agent('all null')).toMatchObject({
      agent_id: 'all null_agent',
      level: 1,
      is_active: true,
      config: null,
    });
    expect(await agent('contradicts itself')).toMatchObject({
      total_tests_given: 7,
      pass_rate: 3 / 7,
      consecutive_successes: 2,
      consecutive_failures: 0,
      current_difficulty: 'expert',
    });
    expect(await agent('out of range')).toMatchObject({
      xp: 2_147_483_647,
      level: 10,
      custody_xp: 0,
      learning_score: 1e9,
      pass_rate: 0,
      success_rate: 0.85,
      status: 's'.repeat(20),
      last_success: null,
    });
  });

  it('merges rows of one agent: the numbers are those of the row updated last', async () => {
    expect(await agent('twin')).toMatchObject({ agent_id: 'newest', total_tests_given: 5, region: 'us' });
    expect(await agent('tie')).toMatchObject({ agent_id: 'many', total_tests_given: 2 });
    const [event] = await database.query(
      "SELECT payload -> 'original' AS original FROM agent_events WHERE agent_type = 'twin'",
    );
    expect(event).toMatchObject({ original: [{ agent_id: 'never' }, { agent_id: 'older' }, { agent_id: 'newest' }] });
    expect(report.steps[1]?.details).toMatchObject({
      merged: {
        agents: 2,
        rows: 6,
        first: [
          { agent_type: 'tie', rows: 3 },
          { agent_type: 'twin', rows: 3 },
        ],
      },
    });
  });

  it('keeps the newest items of long lists, and converts other values to lists', async () => {
    const { test_history } = (await agent('long history')) as { test_history: { score: number }[] };
    expect(test_history.map(({ score }) => score)).toEqual(Array.from({ length: 50 }, (_, index) => 71 + index));
    expect(await agent('odd lists')).toMatchObject({
      test_history: [{ passed: true }, { entry: 7 }],
      learning_patterns: [{ a: 1 }],
      config: { text: 'a\uFFFDb', half: '\uFFFD', big: 12_345_678_901_234_567_000, twice: 2 },
    });
  });

  it('keeps existing names, and generates missing ones', async () => {
    const names = await database.query<{ agent_type: string; agent_id: string }>(
      'SELECT agent_type, agent_id FROM agent_metrics',
    );
    const byId = Object.fromEntries(names.map(({ agent_type, agent_id }) => [agent_id, agent_type]));
    expect(byId).toMatchObject({
      capital: 'Imperium',
      'path word': 'leaderboard',
      signs: 'with / ? # % spaces ',
      nameless: 'nameless',
      empty: 'empty',
      unnamed_agent: 'unnamed',
      imperium: expect.stringMatching(/^imperium~\d$/),
      star: expect.stringMatching(/^\*~\d$/),
      'long 1': 'l'.repeat(50),
      'long 2': expect.stringMatching(/^l{48}~\d$/),
    });
  });

  it('keeps unknown columns with their types and values, and allows agents without them', async () => {
    const columns = await database.query(
      `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
        WHERE attrelid = 'agent_metrics'::regclass AND attname IN ('region', 'notes', 'Odd "name', 'c0', 'version')
        ORDER BY attname COLLATE "C"`,
    );
    expect(columns).toEqual([
      { name: 'Odd "name', type: 'numeric(30,10)[]' },
      { name: 'c0', type: 'text' },
      { name: 'notes', type: 'json' },
      { name: 'region', type: 'character varying(10)' },
      { name: 'version', type: 'integer' },
    ]);
    const [row] = await database.query(
      `SELECT version, region, notes::text, "Odd ""name"::text AS odd, c0 FROM agent_metrics WHERE agent_type = 'twin'`,
    );
    expect(row).toEqual({
      version: 1,
      region: 'us',
      notes: '{"a":1,"a":2}',
      odd: '{12345678901234567890.5000000000}',
      c0: 'c',
    });
    expect(await agent('sandbox')).toMatchObject({ region: null });
  });

  it('grants the privileges of roles, and lists what remains with the legacy table', async () => {
    const [rights] = await database.query(
      `SELECT has_table_privilege('pg_monitor', 'agent_metrics', 'SELECT') AS everyone,
              has_column_privilege('pg_monitor', 'agent_metrics', 'status', 'UPDATE') AS of_column,
              has_column_privilege('pg_monitor', 'agent_metrics', 'xp', 'UPDATE') AS other`,
    );
    expect(rights).toEqual({ everyone: true, of_column: true, other: false });
    const { dependants, renamed_indexes } = report.steps[0]?.details as {
      dependants: { kind: string; name: string }[];
      renamed_indexes: { from: string }[];
    };
    expect(dependants.map(({ kind, name }) => `${kind} ${name}`)).toEqual(
      expect.arrayContaining([
        'view agents_of_old',
        'foreign key notes_agent_fkey of notes',
        'trigger watch',
        'check ck_agent_metrics_levels',
        'index ix_agent_metrics_creation',
      ]),
    );
    expect(renamed_indexes.map(({ from }) => from).sort()).toEqual([
      'ix_agent_metrics_creation',
      'pk_agent_metrics',
      'uq_agent_events_idempotency_key',
    ]);
  });

  it('counts every repair by column and rule, and lists it by agent', () => {
    const { repaired } = report.steps[1]?.details as {
      repaired: { by_rule: { field: string; rule: string; count: number }[] };
    };
    const counted = new Map(repaired.by_rule.map(({ field, rule, count }) => [`${field} ${rule}`, count]));
    expect(counted.get('xp out_of_range')).toBe(2);
    expect(counted.get('agent_type name_missing')).toBe(4);
    expect(counted.get('test_history beyond_window')).toBe(1);
    expect(repaired).toMatchObject({
      first: expect.arrayContaining([
        {
          agent_type: 'out of range',
          repairs: expect.arrayContaining([
            { field: 'xp', found: '99999999999', made: 2_147_483_647, why: 'out_of_range' },
            { field: 'success_rate', found: '85', made: 0.85, why: 'percentage' },
          ]),
        },
      ]),
    });
  });

  it('runs once: a second run changes nothing and reports that', async () => {
    const dump = await dumpDatabase(database);
    expect(await migrateDatabase(database)).toMatchObject({ outcome: 'nothing_to_do', failure: null });
    expect(await dumpDatabase(database)).toEqual(dump);
  });

  it('can be undone as described in docs/migration.md, and then repeated', async () => {
    const guide = await readFile('docs/migration.md', 'utf8');
    const undo = /```sql\n(BEGIN;[^]*?COMMIT;)\n```/.exec(guide)?.[1] ?? '';
    await database.query(undo);
    const [table] = await database.query('SELECT count(*)::integer AS rows FROM agent_metrics');
    expect(table).toEqual({ rows: before.length });
    const [left] = await database.query(
      "SELECT to_regclass('agent_events') AS events, to_regproc('rebuild_rollups') AS rebuild",
    );
    expect(left).toEqual({ events: null, rebuild: null });
    expect(await migrateDatabase(database)).toMatchObject({ outcome: 'changed', failure: null });
    expect(await verifyDatabase(database)).toMatchObject({ differences: 0 });
  });
});

describe('docs/migration.md', () => {
  it('explains every repair rule', async () => {
    const guide = await readFile('docs/migration.md', 'utf8');
    const explained = [...guide.matchAll(/^\| `(\w+)` +\|/gm)].map(([, rule]) => rule);
    expect(explained).toEqual(Object.keys(REPAIR_RULES));
  });
});
