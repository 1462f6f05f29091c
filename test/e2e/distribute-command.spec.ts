import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { formatPlan } from '../../src/cli/commands/distribute.action.js';
import { planDistribution } from '../../src/distribution/distribution-plan.js';
import { installCitusStandIn } from '../support/citus-stand-in.js';
import { runCli } from '../support/run-cli.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const PLAN = `${formatPlan(planDistribution('public')).join('\n')}\n`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const distribute = async (...options: string[]) => runCli(['distribute', ...options], { DATABASE_URL: database.url });
const isDistributed = async () => (await database.query('SELECT FROM pg_dist_partition')).length > 0;

it('distribute without Citus prints the statements and the obstacle, and exits with 1', async () => {
  for (const options of [['--dry-run'], []]) {
    const { code, stdout, stderr } = await distribute(...options);
    expect({ code, stdout }).toEqual({ code: 1, stdout: PLAN });
    expect(stderr).toContain('Citus is not installed');
  }
  const { code, stdout, stderr } = await distribute('--yes');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('Citus is not installed');
});

it('distribute changes the database only with --yes, and only once', async () => {
  await installCitusStandIn(database);
  expect(await distribute('--dry-run')).toMatchObject({ code: 0, stdout: PLAN });
  const { code, stderr } = await distribute();
  expect(code).toBe(1);
  expect(stderr).toContain('Nothing was changed. To run the statements: npm run cli -- distribute --yes');
  expect(await isDistributed()).toBe(false);

  const done = await distribute('--yes', '--json');
  expect(done.code).toBe(0);
  expect(JSON.parse(done.stdout)).toMatchObject({ distributed: false, done: true, obstacle: null });
  expect(await isDistributed()).toBe(true);
  expect(await distribute('--yes')).toMatchObject({ code: 0, stdout: 'already distributed: nothing to do\n' });
  const verified = await runCli(['verify'], { DATABASE_URL: database.url });
  expect(verified).toMatchObject({ code: 0, stdout: '0 agents, 0 events: nothing differs\n' });
  const listed = await runCli(['db', 'tables', '--json'], { DATABASE_URL: database.url });
  const tables = JSON.parse(listed.stdout) as { table: string; rows: number; bytes: number }[];
  expect(tables.find(({ table }) => table === 'agent_events')).toEqual({
    table: 'agent_events',
    rows: 0,
    bytes: expect.any(Number),
  });
});

it('distribute rejects --dry-run with --yes', async () => {
  expect((await distribute('--dry-run', '--yes')).code).toBe(2);
});
