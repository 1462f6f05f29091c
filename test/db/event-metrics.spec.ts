import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource, type EntityManager } from 'typeorm';
import { ENTITIES } from '../../src/core/entities.js';
import { MIGRATIONS } from '../../src/database/migrations/index.js';
import { StoreMetricsOfEvents1795905000000 } from '../../src/database/migrations/1795905000000-StoreMetricsOfEvents.js';
import { migrate } from '../../src/database/schema/run-migrations.js';
import { buildDataSourceOptions, SINGLE_CONNECTION } from '../../src/database/schema/data-source-options.js';
import { METRIC_COLUMNS } from '../../src/ledger/stored-result.js';
import { SNAPSHOT_COLUMNS } from '../../src/progression/agent-state.js';
import { verify, verifyIn } from '../../src/verification/verify.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { exported, imported } from '../support/transfer.js';

const PASSED = { passed: true, score: 90.25, duration: 3 };
const ANY_METRIC = `num_nonnulls(${METRIC_COLUMNS.join(', ')}) > 0`;

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
});
afterAll(() => test.close());

const problems = async (service = test) => (await verify(service.dataSource)).named.map(({ problem }) => problem);
const countForms = async (service = test) =>
  service.database.query(
    `SELECT count(*) FILTER (WHERE result ? 'metrics')::integer AS json, count(*) FILTER (WHERE ${ANY_METRIC})::integer AS columns
       FROM agent_events WHERE agent_type = 'guardian'`,
  );
async function inRolledBack<T>(use: (manager: EntityManager) => Promise<T>): Promise<T> {
  const runner = test.dataSource.createQueryRunner();
  await runner.startTransaction();
  try {
    return await use(runner.manager);
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}
/** Reverts the migrations from the one that introduced the columns on. */
async function revertColumns(): Promise<void> {
  const reverting = new DataSource(buildDataSourceOptions(test.database.connection, SINGLE_CONNECTION, ENTITIES));
  await reverting.initialize();
  for (let left = MIGRATIONS.length - MIGRATIONS.indexOf(StoreMetricsOfEvents1795905000000); left > 0; left--)
    await reverting.undoLastMigration();
  await reverting.destroy();
}

describe('the snapshot of an event', () => {
  it('has a column for each of its values', () => {
    expect([...METRIC_COLUMNS].sort()).toEqual([...SNAPSHOT_COLUMNS].sort());
  });

  it('is in columns, and in JSON in events of an earlier release, which are read in the same way', async () => {
    const record = () =>
      test.service.updateCustodyTestResult('guardian', PASSED, { idempotencyKey: `k${Math.random()}` });
    const key = { idempotencyKey: 'earlier' };
    test.setClock(new Date('2027-01-01T00:00:00Z'));
    await test.service.updateLearningMetrics('guardian', { learning_score: 0.1 + 0.2, success_rate: 1e-300 });
    const first = await test.service.updateCustodyTestResult('guardian', PASSED, key);
    expect(await countForms()).toEqual([{ json: 0, columns: 3 }]);
    const before = await exported(test, { of: 'events', format: 'ndjson' });
    const leaders = await test.leaderboard.page();

    await revertColumns();
    const [{ metrics = null } = {}] = await test.database.query<{ metrics: unknown }>(
      `SELECT result -> 'metrics' AS metrics FROM agent_events WHERE agent_type = 'guardian' AND version = 2`,
    );
    expect(metrics).toMatchObject({ learning_score: 0.1 + 0.2, success_rate: 1e-300, status: 'idle', is_active: true });
    await migrate(test.database.connection);

    expect(await countForms()).toEqual([{ json: 3, columns: 0 }]);
    expect(await exported(test, { of: 'events', format: 'ndjson' })).toBe(before);
    test.setClock(new Date('2027-01-01T01:00:00Z'));
    expect(await test.service.updateCustodyTestResult('guardian', PASSED, key)).toEqual({ ...first, replayed: true });
    await record();
    expect(await countForms()).toEqual([{ json: 3, columns: 1 }]);
    expect(await problems()).toEqual([]);
    const then = await test.leaderboard.page({ as_of: new Date('2027-01-01T00:30:00Z') });
    expect(then.items).toEqual(leaders.items);
  });

  it('is imported in columns', async () => {
    const events = await exported(test, { of: 'events', format: 'ndjson' });
    const copy = await startTestService();
    try {
      await imported(copy, events);
      expect(await countForms(copy)).toEqual([{ json: 0, columns: 4 }]);
      expect(await exported(copy, { of: 'events', format: 'ndjson' })).toBe(events);
      expect(await problems(copy)).toEqual([]);
    } finally {
      await copy.close();
    }
  });

  it.each([
    ['a changed column', 'xp = xp + 1'],
    ['a missing column', 'status = NULL'],
    ['no columns', METRIC_COLUMNS.map((column) => `${column} = NULL`).join(', ')],
    ['a snapshot in result, too', `result = result || '{"metrics": {"xp": 999}}'`],
    [
      'the same snapshot in result, too',
      `result = (SELECT whole.result FROM ledger_events whole WHERE (whole.agent_type, whole.version) = (event.agent_type, event.version))`,
    ],
  ])('is verified: %s', async (_, assignment) => {
    const found = await inRolledBack(async (manager) => {
      await manager.query(`UPDATE agent_events event SET ${assignment} WHERE version = 4`);
      return (await verifyIn(manager)).named.map(({ problem }) => problem).join();
    });
    expect(found).toContain('does not match its hash');
  });
});
