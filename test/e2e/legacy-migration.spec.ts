import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCustodyTest } from '../factories/custody-test.factory.js';
import { AGENT_COLUMNS, LEGACY_TABLE_SQL } from '../factories/legacy-table.factory.js';
import { dumpDatabase } from '../support/database-dump.js';
import { runCli } from '../support/run-cli.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { createTestDatabase, EMPTY_TEMPLATE, type TestDatabase } from '../support/test-database.js';
import { runUntilExit } from '../support/service-process.js';
import { agentPath, ANALYTICS, BULK_UPDATE, CUSTODY, custodyPath, EXPORT, LEADERBOARD } from './support/paths.js';
import { agentsOf, toCustodyMetrics, metricsOf, sent } from './support/read.js';

/** Names that the API would not give an agent, but has to know one by. */
const ODD_NAMES = [
  'Capital Letters',
  'with / ? # % & signs',
  ' blanks around ',
  'ünï cödé 🤖',
  'summary',
  'analytics',
  '%41',
  '-',
  "o'clock",
  'x'.repeat(50),
];
/** Words for which the API has something else to say where an agent's metrics would be. */
const PATH_NAMES = ['leaderboard', 'trends', 'bulk-update', 'export'];

/** Names in our statements, each as the name of a column: no statement may confuse them. */
async function namesInStatements(): Promise<string[]> {
  const names = new Set<string>();
  for (const file of await readdir('src', { recursive: true })) {
    if (!file.endsWith('.ts') || file.endsWith('.spec.ts')) continue;
    const source = await readFile(join('src', file), 'utf8');
    for (const [, name = ''] of source.matchAll(/(?:\bAS |\) |\bagent_\w+ )"?([a-z][a-z_0-9]*)/g)) names.add(name);
  }
  return [...names].filter((name) => !AGENT_COLUMNS.includes(name));
}

describe('a legacy database', () => {
  let database: TestDatabase;
  let reports: string;
  const migrate = (...args: string[]) =>
    runCli(['migrate', '--report-dir', reports, ...args], { DATABASE_URL: database.url });

  beforeAll(async () => {
    reports = await mkdtemp(join(tmpdir(), 'lvlup-reports-'));
    database = await createTestDatabase(EMPTY_TEMPLATE);
    await database.query(LEGACY_TABLE_SQL);
    const columns = (await namesInStatements()).map((name) => `ADD "${name}" jsonb DEFAULT '5'`);
    await database.query(`ALTER TABLE agent_metrics ${columns.join(', ')}`);
    for (const name of [...ODD_NAMES, ...PATH_NAMES]) {
      await database.query('INSERT INTO agent_metrics (agent_type, xp, total_tests_given) VALUES ($1, 70, NULL)', [
        name,
      ]);
    }
    await database.query(
      `INSERT INTO agent_metrics (agent_type, test_history, current_difficulty, config, learning_patterns)
       VALUES ('odd values', '[1, {"score": "high", "passed": "yes"}, {"timestamp": 5}]', 'impossible', '"text"', '[null]')`,
    );
  });
  afterAll(async () => {
    await database.drop();
    await rm(reports, { recursive: true });
  });

  it('is rejected by the service, which names the remedy', async () => {
    const before = await dumpDatabase(database);
    const { code, output } = await runUntilExit({ DATABASE_URL: database.url });
    expect(code).toBe(1);
    expect(output).toContain('npm run cli -- migrate');
    expect(await dumpDatabase(database)).toEqual(before);
  });

  it('is not changed by a dry run, which reports the changes', async () => {
    const before = await dumpDatabase(database);
    const { code, stdout } = await migrate('--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('15 rows of agent_metrics_legacy became 15 agents');
    expect(stdout).toContain('WARNING: the agent leaderboard has the name of a path');
    expect(stdout).toContain('Nothing was changed');
    expect(await dumpDatabase(database)).toEqual(before);
  });

  it('is migrated, with a report as JSON and one as text', async () => {
    const { code, stdout, stderr } = await migrate('--json');
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('legacy rows') });
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'changed',
      committed: true,
      steps: [
        'schema',
        'legacy rows',
        'manual rows',
        'default agents',
        'integrity',
        'integrity afterwards',
        'operations',
      ].map((name) => ({
        name,
      })),
    });
    const files = (await readdir(reports)).sort();
    expect(files).toHaveLength(2);
    expect(files).toContainEqual(expect.stringMatching(/^migration-report-\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z\.json$/));
    expect(JSON.parse(await readFile(join(reports, files.at(-1) ?? ''), 'utf8'))).toEqual(JSON.parse(stdout));
  });

  it('has nothing left to migrate, and agrees with its ledger', async () => {
    expect(await migrate()).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
    const { code } = await runCli(['verify'], { DATABASE_URL: database.url });
    expect(code).toBe(0);
  });

  it('is not read if the report cannot be written', async () => {
    const file = (await readdir(reports))[0] ?? '';
    const failed = await runCli(['migrate', '--report-dir', join(reports, file)], { DATABASE_URL: database.url });
    expect(failed).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(file) });
  });

  it('reports why it fails, and exits with 1', async () => {
    const other = await createTestDatabase(EMPTY_TEMPLATE);
    await other.query('CREATE TABLE agent_metrics (a integer)');
    const failed = await runCli(['migrate', '--report-dir', reports], { DATABASE_URL: other.url });
    await other.query(`DROP TABLE agent_metrics; CREATE FUNCTION rebuild_rollups() RETURNS void LANGUAGE sql AS ''`);
    const inMigration = await runCli(['migrate', '--report-dir', reports, '--json'], { DATABASE_URL: other.url });
    await other.drop();
    expect(inMigration.code).toBe(1);
    expect(JSON.parse(inMigration.stdout)).toMatchObject({ outcome: 'failed', failure: { step: 'schema' } });
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringMatching(/no column agent_type[^]*FAILED/) });

    const away = { DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/d', DATABASE_CONNECT_TIMEOUT: '1' };
    const unreachable = await runCli(['migrate', '--report-dir', reports, '--json'], away);
    expect(unreachable.code).toBe(1);
    expect(JSON.parse(unreachable.stdout)).toMatchObject({ outcome: 'failed', failure: { step: 'connection' } });
    expect(unreachable.stdout + unreachable.stderr).not.toContain('secret');
  });

  describe('after the migration', () => {
    let app: TestApp;
    beforeAll(async () => {
      app = await startTestApp({}, () => database.connection);
    });
    afterAll(() => app.close());

    it.each(ODD_NAMES)('has the agent %j, readable and writable', async (name) => {
      expect(await metricsOf(app, name)).toMatchObject({ agent_type: name, xp: 70 });
      await sent(app, 'POST', agentPath(name, 'custody-test'), createCustodyTest());
      await sent(app, 'POST', agentPath(name, 'learning'), { learning_score: 5 });
      await sent(app, 'PUT', agentPath(name), { status: 'active' });
      await sent(app, 'POST', BULK_UPDATE, { updates: { [name]: { priority: 'high' } } });
      expect(await toCustodyMetrics(app, name)).toMatchObject({ total_tests_given: 1 });
      expect(await metricsOf(app, name)).toMatchObject({ version: 5, status: 'active', priority: 'high' });
      await sent(app, 'GET', custodyPath(name));
      await sent(app, 'GET', `${CUSTODY}/eligibility/${encodeURIComponent(name)}`);
      await sent(app, 'DELETE', agentPath(name, 'reset'));
    });

    it.each(PATH_NAMES)('has the agent %s, which is read and written under its path', async (name) => {
      await sent(app, 'POST', agentPath(name, 'custody-test'), createCustodyTest());
      expect(await toCustodyMetrics(app, name)).toMatchObject({ total_tests_given: 1, xp: 70 });
      await sent(app, 'POST', BULK_UPDATE, { updates: { [name]: { xp: 80 } } });
      expect(await toCustodyMetrics(app, name)).toMatchObject({ xp: 80 });
      await sent(app, 'GET', custodyPath(name));
    });

    it('serves irregular values of the old backend', async () => {
      expect(await metricsOf(app, 'odd values')).toMatchObject({
        test_history: [{ entry: 1 }, { score: 'high', passed: 'yes' }, { timestamp: 5 }],
        current_difficulty: 'impossible',
        config: 'text',
        learning_patterns: [null],
      });
      for (const path of [
        LEADERBOARD,
        ANALYTICS,
        CUSTODY,
        `${CUSTODY}/analytics`,
        `${CUSTODY}/leaderboard`,
        custodyPath('odd values'),
        custodyPath('odd values', 'eligibility'),
        custodyPath('odd values', 'difficulty'),
        `${CUSTODY}/difficulty/odd%20values`,
        agentPath('odd values', 'analytics'),
        agentPath('odd values', 'trends?bucket=day'),
        `${EXPORT}?of=agents`,
        `${EXPORT}?of=agents&format=csv`,
        `${EXPORT}?of=events`,
      ]) {
        await sent(app, 'GET', path);
      }
      await sent(app, 'POST', agentPath('odd values', 'custody-test'), createCustodyTest());
      expect(await agentsOf(app)).toEqual(expect.arrayContaining([...ODD_NAMES, 'imperium']));
    });

    it('rejects such names for new agents', async () => {
      expect((await app.send('PUT', agentPath('Another / one'), {})).status).toBe(400);
    });
  });
});
