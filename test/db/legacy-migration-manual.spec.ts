import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dumpDatabase } from '../support/database-dump.js';
import { migrateDatabase, verifyDatabase } from '../support/migrate-database.js';
import { startTestService, type TestService } from '../support/test-service.js';

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
});
afterAll(() => test.close());

describe('rows that were inserted manually into agent_metrics', () => {
  it('are imported into the ledger by a migration, and repaired where they violate a rule', async () => {
    // As in a database that is older than the constraints, which the migration adds and validates.
    await test.database.query(
      `ALTER TABLE agent_metrics DROP CONSTRAINT ck_agent_metrics_lists, DROP CONSTRAINT ck_agent_metrics_times,
                                 DROP CONSTRAINT ck_agent_metrics_version`,
    );
    await test.database.query("DELETE FROM agent_metrics_migrations WHERE name LIKE 'CheckListsAndTimes%'");
    await test.database.query(
      `INSERT INTO agent_metrics (agent_id, agent_type, xp, learning_score, consecutive_successes, consecutive_failures, test_history,
                                  last_success, created_at)
       VALUES ('a', 'sound', 70, 1, 0, 0, '[{"passed": true}]', NULL, '2025-01-25T10:00:00.123456Z'),
              ('b', 'broken', 5000, 1e12, 1, 1, '{"passed": false}', 'infinity', '-infinity')`,
    );
    const report = await migrateDatabase(test.database);
    expect(report.steps.map(({ name, changed }) => [name, changed])).toContainEqual(['manual rows', true]);
    expect(report).toMatchObject({ outcome: 'changed', failure: null });
    expect(await test.database.query('SELECT conname FROM pg_constraint WHERE NOT convalidated')).toEqual([]);
    expect(await verifyDatabase(test.database)).toMatchObject({ differences: 0 });
    expect(await test.service.getAgentMetrics('sound')).toMatchObject({
      version: 1,
      xp: 70,
      test_history: [{ passed: true }],
    });
    expect(await test.service.getAgentMetrics('broken')).toMatchObject({
      version: 2,
      level: 3,
      learning_score: 1e9,
      consecutive_successes: 0,
      test_history: [{ passed: false }],
      last_success: null,
    });
    const [event] = await test.database.query(
      "SELECT payload -> 'original' -> 0 AS original FROM agent_events WHERE agent_type = 'broken' AND version = 2",
    );
    expect(event).toMatchObject({ original: { learning_score: '1000000000000', created_at: '-infinity' } });
  });

  it('are not changed by a dry run', async () => {
    await test.database.query(`INSERT INTO agent_metrics (agent_id, agent_type) VALUES ('c', 'later')`);
    const before = await dumpDatabase(test.database);
    expect(await migrateDatabase(test.database, { dryRun: true })).toMatchObject({ outcome: 'would_change' });
    expect(await dumpDatabase(test.database)).toEqual(before);
  });

  it('are imported while a service writes, and the counters agree', async () => {
    // As in a database that is older than the constraints, which the migration adds and validates.
    await test.database.query(
      `ALTER TABLE agent_metrics DROP CONSTRAINT ck_agent_metrics_lists, DROP CONSTRAINT ck_agent_metrics_times,
                                 DROP CONSTRAINT ck_agent_metrics_version`,
    );
    await test.database.query("DELETE FROM agent_metrics_migrations WHERE name LIKE 'CheckListsAndTimes%'");
    await test.database.query(
      `INSERT INTO agent_metrics (agent_id, agent_type) SELECT 'h', 'hand ' || n FROM generate_series(1, 500) n`,
    );
    const ended = new AbortController();
    const writing = (async () => {
      for (let n = 1; !ended.signal.aborted; n++) {
        await test.service.updateCustodyXp('guardian', 1);
        await test.service.updateLearningMetrics(`hand ${n % 500 || 500}`, { learning_cycles: 1 });
      }
    })();
    const report = await migrateDatabase(test.database);
    ended.abort();
    await writing;
    expect(report).toMatchObject({ outcome: 'changed', failure: null });
    expect(report.steps.at(-1)).toMatchObject({
      name: 'integrity afterwards',
      details: { agents: expect.any(Number) },
    });
    expect(await verifyDatabase(test.database)).toMatchObject({ differences: 0 });
  });
});
