import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadSettings } from '../../src/config/settings.js';
import { rebuild } from '../../src/verification/rebuild.js';
import type { Difference } from '../../src/verification/difference.js';
import { verify } from '../../src/verification/verify.js';
import { startTestService, type TestService } from '../support/test-service.js';

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
});
afterAll(() => test.close());

const PASSED = { passed: true, score: 90, duration: 3 };

async function differences(): Promise<Difference[]> {
  const found: Difference[] = [];
  await verify(
    test.dataSource,
    () => undefined,
    (difference) => found.push(difference),
  );
  return found;
}

async function newestEvents(agentType: string, count: number): Promise<object[]> {
  const { events = [] } = (await test.ledger.read(test.dataSource.manager, [agentType])).get(agentType) ?? {};
  return events.slice(-count);
}

const rebuildAll = () => rebuild(test.dataSource, loadSettings({}), { dryRun: false, onDifference: () => undefined });

/** SQL that changes a row past the service. */
const EDITS = [
  'xp = 1000000',
  'custody_xp = 5000, level = 9, learning_score = 12.5',
  'version = version + 3',
  'version = 0',
  "ledger_hash = '\\x00'",
  'ledger_hash = NULL',
  "last_success = '2020-01-01', status = 'edited'",
  'test_history = \'[{"passed": true}]\'',
  'config = \'{"temperature": 2}\'',
  "id = gen_random_uuid(), agent_id = 'another'",
];

describe('a row that was changed past the service', () => {
  it.each(EDITS)('by SET %s is found, and discarded by the next write', async (edit) => {
    await test.service.updateCustodyTestResult('guardian', PASSED);
    const { version, xp, custody_xp } = await test.service.getAgentMetrics('guardian');
    await test.database.query(`UPDATE agent_metrics SET ${edit} WHERE agent_type = 'guardian'`);
    expect(await differences()).toContainEqual(expect.objectContaining({ agent_type: 'guardian', in: 'row' }));

    const change = await test.service.updateCustodyTestResult('guardian', PASSED);
    expect(change).toMatchObject({ version: version + 2, metrics: { xp, custody_xp: custody_xp + 10 } });
    expect(await differences()).toEqual([]);
    expect(await newestEvents('guardian', 2)).toMatchObject([
      { type: 'edit_discarded', version: version + 1 },
      { type: 'custody_test', version: version + 2 },
    ]);
  });

  it('is told by the ledger, with the values before and after', async () => {
    await test.database.query("UPDATE agent_metrics SET xp = 77, status = 'edited' WHERE agent_type = 'sandbox'");
    await test.service.updateLearningMetrics('sandbox', { learning_cycles: 1 });
    const [{ payload } = { payload: null }] = (await newestEvents('sandbox', 2)) as { payload: unknown }[];
    expect(payload).toEqual({ columns: { xp: { ledger: 0, found: 77 }, status: { ledger: 'idle', found: 'edited' } } });
  });

  it('to what it was already was not changed', async () => {
    const { version } = await test.service.getAgentMetrics('sandbox');
    await test.database.query("UPDATE agent_metrics SET xp = xp WHERE agent_type = 'sandbox'");
    expect(await differences()).toEqual([]);
    expect(await test.service.updateLearningMetrics('sandbox', {})).toMatchObject({ version: version + 1 });
  });

  it('is found by every kind of write', async () => {
    const writes = [
      () => test.service.createOrUpdateAgentMetrics('conquest', { status: 'active' }),
      () => test.service.updateCustodyXp('conquest', 5),
      () => test.service.updateAdversarialTestResult('conquest', { score: 90, is_winner: true }),
      () => test.service.bulkUpdateMetrics({ conquest: { priority: 'high' }, imperium: { priority: 'high' } }),
      () => test.service.resetCustodyMetrics('conquest'),
      () => test.service.resetAgentMetrics('conquest'),
    ];
    for (const write of writes) {
      await test.database.query("UPDATE agent_metrics SET xp = xp + 7 WHERE agent_type = 'conquest'");
      await write();
      expect(await newestEvents('conquest', 2)).toMatchObject([{ type: 'edit_discarded' }, {}]);
    }
    expect(await differences()).toEqual([]);
  });

  it('stays as it is when the write is refused', async () => {
    await test.database.query("UPDATE agent_metrics SET xp = 77 WHERE agent_type = 'sandbox'");
    await expect(test.service.createOrUpdateAgentMetrics('sandbox', { level: 0 })).rejects.toThrow();
    expect(await newestEvents('sandbox', 1)).toMatchObject([{ type: 'learning' }]);
    await test.service.updateLearningMetrics('sandbox', {});
    expect(await differences()).toEqual([]);
  });

  it('is made right by rebuild', async () => {
    await test.database.query("UPDATE agent_metrics SET xp = 1000000, config = '{}' WHERE agent_type = 'guardian'");
    expect(await rebuildAll()).toMatchObject({ rows: 1, unsound: [] });
    expect(await differences()).toEqual([]);
    const { version } = await test.service.getAgentMetrics('guardian');
    expect(await test.service.updateCustodyTestResult('guardian', PASSED)).toMatchObject({ version: version + 1 });
  });

  it('while nothing watched is made right by rebuild, too', async () => {
    await test.database.query('ALTER TABLE agent_metrics DISABLE TRIGGER mark_edited_agent');
    await test.database.query("UPDATE agent_metrics SET xp = 1000000 WHERE agent_type = 'guardian'");
    await test.database.query('ALTER TABLE agent_metrics ENABLE TRIGGER mark_edited_agent');
    expect(await rebuildAll()).toMatchObject({ rows: 1, unsound: [] });
    expect(await differences()).toEqual([]);
  });

  it('and was deleted and inserted again, is what the ledger has', async () => {
    await test.database.query("DELETE FROM agent_metrics WHERE agent_type = 'sandbox'");
    await test.database.query("INSERT INTO agent_metrics (agent_id, agent_type, xp) VALUES ('x', 'sandbox', 5)");
    await test.service.updateLearningMetrics('sandbox', {});
    expect(await newestEvents('sandbox', 2)).toMatchObject([{ type: 'edit_discarded' }, { type: 'learning' }]);
    expect(await differences()).toEqual([]);
  });
});

describe('a row that was inserted by hand with a version', () => {
  it('is imported, as one without', async () => {
    await test.database.query(
      "INSERT INTO agent_metrics (agent_id, agent_type, xp, version) VALUES ('x', 'by hand', 5, 7)",
    );
    const change = await test.service.updateCustodyTestResult('by hand', PASSED);
    expect(change).toMatchObject({ version: 2, metrics: { xp: 5 } });
    expect(await differences()).toEqual([]);
  });
});
