import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runCli } from '../support/run-cli.js';
import { createTestDatabase, EMPTY_TEMPLATE, type TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';

const TABLES = ['agent_metrics', 'agent_events', 'test_rollups_by_hour', 'test_rollups_by_kind', 'agent_rollups'];

describe('the CLI commands', () => {
  let test: TestService;
  const run = async (...args: string[]) => runCli(args, { DATABASE_URL: test.database.url });
  /** All rows of all tables. */
  const everything = async () => {
    const rows: Record<string, unknown> = {};
    for (const table of TABLES) rows[table] = await test.database.query(`SELECT * FROM ${table} ORDER BY 1, 2, 3`);
    return rows;
  };

  beforeAll(async () => {
    test = await startTestService();
    await test.service.updateCustodyTestResult('guardian', { passed: true, score: 90, duration: 3 });
  });
  afterAll(() => test.close());

  it.each([
    [[], ''],
    [['nonsense'], "unknown command 'nonsense'"],
    [['verify', '--nonsense'], "unknown option '--nonsense'"],
    [['rebuild'], 'specify --agent <agent_type> or --all'],
    [['rebuild', '--all', '--agent', 'a'], 'cannot be used with'],
    [['agents', 'list', '--limit', 'many'], 'must be a whole number'],
    [['db'], ''],
  ])('exit with 2 if called %j', async (args, reason) => {
    const { code, stdout, stderr } = await run(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(reason);
    expect(stdout + stderr).toContain('lvlup');
  });

  it.each([
    [['--help']],
    [['verify', '--help']],
    [['rebuild', '--help']],
    [['check', '--help']],
    [['agents', 'list', '--help']],
    [['db', 'ping', '--help']],
  ])('print help: %j', async (args) => {
    const { code, stdout } = await run(...args);
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: lvlup');
  });

  it('check runs all checks, and leaves no data', async () => {
    await test.database.query(`DELETE FROM agent_metrics WHERE agent_type = 'conquest'`);
    const before = await everything();
    const { code, stdout } = await run('check', '--json');
    expect(code).toBe(0);
    const checked = JSON.parse(stdout) as { operation: string; ok: boolean; milliseconds: number }[];
    expect(checked.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining([
        'create',
        'custody test, passed',
        'reset',
        'ledger, row and rollups agree',
        'leaderboard',
      ]),
    );
    for (const { ok, milliseconds } of checked) {
      expect(ok).toBe(true);
      expect(milliseconds).toBeGreaterThan(0);
    }
    expect(await everything()).toEqual(before);
  });

  it('check reports failures', async () => {
    await test.database.query(`ALTER TABLE agent_metrics ADD CONSTRAINT no_xp CHECK (xp < 1000)`);
    const { code, stdout } = await run('check');
    await test.database.query(`ALTER TABLE agent_metrics DROP CONSTRAINT no_xp`);
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAILED .* bulk update: .*no_xp/);
    expect(stdout).toMatch(/ok .* leaderboard/);
  });

  it('agents create-defaults restores missing agents from the ledger', async () => {
    await test.service.updateCustodyXp('sandbox', 70);
    await test.database.query(`DELETE FROM agent_metrics WHERE agent_type = 'sandbox'`);
    expect((await run('agents', 'create-defaults')).code).toBe(0);
    expect(await test.service.getAgentMetrics('sandbox')).toMatchObject({ custody_xp: 70 });
  });

  it('agents list prints them', async () => {
    const { code, stdout } = await run('agents', 'list');
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^agent_type +version +level +xp/);
    expect(stdout).toMatch(/^guardian +2 +1 +0 /m);
    expect(JSON.parse((await run('agents', 'list', '--limit', '2', '--json')).stdout)).toHaveLength(2);
  });

  it('db ping and db tables print server and tables', async () => {
    expect(await run('db', 'ping')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^PostgreSQL .* answered in/),
    });
    expect(JSON.parse((await run('db', 'tables', '--json')).stdout)).toEqual(
      expect.arrayContaining([expect.objectContaining({ table: 'agent_events' })]),
    );
  });

  it('verify finds differences that rebuild corrects', async () => {
    expect(await run('verify')).toMatchObject({ code: 0, stdout: '4 agents, 6 events: nothing differs\n' });
    await test.database.query(`UPDATE agent_metrics SET xp = 5 WHERE agent_type = 'guardian'`);

    const found = 'guardian: row: xp is 5, expected 0';
    expect(await run('verify')).toMatchObject({ code: 1, stdout: expect.stringContaining(found) });
    expect(await run('rebuild', '--all', '--dry-run')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(found),
    });
    expect(await run('verify')).toMatchObject({ code: 1 });
    expect(await run('rebuild', '--agent', 'guardian', '--json')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('"rows":1'),
      stderr: expect.stringContaining(found),
    });
    expect(JSON.parse((await run('verify', '--json')).stdout)).toMatchObject({ differences: 0 });
  });

  it('exit with 1 and name the remedy if the database cannot be used', async () => {
    const away = await runCli(['db', 'ping'], {
      DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1/d',
      DATABASE_CONNECT_TIMEOUT: '1',
    });
    expect(away).toMatchObject({ code: 1, stderr: expect.stringContaining('Check DATABASE_URL') });
    expect(away.stdout + away.stderr).not.toContain('secret');
    const bad = await runCli(['db', 'ping'], { DATABASE_URL: 'nonsense' });
    expect(bad).toMatchObject({ code: 1, stderr: expect.stringContaining('DATABASE_URL') });
  });

  it('report a database without schema migrations', async () => {
    const empty: TestDatabase = await createTestDatabase(EMPTY_TEMPLATE);
    const { code, stderr } = await runCli(['verify'], { DATABASE_URL: empty.url });
    await empty.drop();
    expect(code).toBe(1);
    expect(stderr).toContain('schema migrations have not been run');
  });
});
