import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rebuild } from '../../src/verification/rebuild.js';
import { verify } from '../../src/verification/verify.js';
import { loadSettings } from '../../src/config/settings.js';
import { createDistributedDatabase } from '../support/distributed-database.js';
import { rollupsOf } from '../support/rollups.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { exported, imported } from '../support/transfer.js';

const PASSED = { passed: true, score: 90, duration: 1 };
const SETTINGS = loadSettings({});

const differences = async ({ dataSource }: TestService) => (await verify(dataSource)).named;
const versionsOf = (test: TestService, agentType: string) =>
  test.database.query<{ version: number; type: string; recorded_as: string | null }>(
    'SELECT version, type, recorded_as FROM agent_events WHERE agent_type = $1 ORDER BY version',
    [agentType],
  );

describe.each(['single server', 'distributed'])('a rename on the storage form: %s', (form) => {
  let test: TestService;
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = form === 'distributed' ? await createDistributedDatabase() : undefined;
    test = await startTestService({ CONNECTION_POOL_SIZE: '8' }, database);
  });
  afterAll(async () => {
    await test.close();
    await database?.drop();
  });

  it('moves row, events and rollups, and the chain continues', async () => {
    const { service } = test;
    await service.createOrUpdateAgentMetrics('first', { status: 'active', config: { depth: 1 } });
    await service.updateCustodyTestResult('first', { ...PASSED, category: 'coding' });
    await service.updateAdversarialTestResult('other', { score: 80, is_winner: true });
    const before = await service.getAgentMetrics('first');
    const rollups = JSON.stringify(await rollupsOf(test.database));

    expect(await service.renameAgent('first', 'openai/gpt-4o', { actor: 'operator' })).toMatchObject({
      agent_type: 'openai/gpt-4o',
      version: 4,
      replayed: false,
    });
    expect(await service.getAgentMetrics('openai/gpt-4o')).toEqual(
      Object.assign({}, before, {
        agent_type: 'openai/gpt-4o',
        version: 4,
        ledger_hash: expect.any(String),
        updated_at: expect.any(Date),
      }),
    );
    expect(JSON.stringify(await rollupsOf(test.database)).replaceAll('openai/gpt-4o', 'first')).toBe(rollups);
    await service.updateCustodyTestResult('openai/gpt-4o', PASSED);
    expect(await versionsOf(test, 'openai/gpt-4o')).toEqual([
      { version: 1, type: 'created', recorded_as: 'first' },
      { version: 2, type: 'updated', recorded_as: 'first' },
      { version: 3, type: 'custody_test', recorded_as: 'first' },
      { version: 4, type: 'renamed', recorded_as: 'first' },
      { version: 5, type: 'custody_test', recorded_as: null },
    ]);
    expect(await differences(test)).toEqual([]);
    await service.renameAgent('openai/gpt-4o', 'third');
    await service.resetCustodyMetrics('third');
    expect(await differences(test)).toEqual([]);
    expect(await test.database.query('SELECT name, agent_type FROM agent_aliases ORDER BY name')).toEqual([
      { name: 'first', agent_type: 'third' },
      { name: 'openai/gpt-4o', agent_type: 'third' },
    ]);
  });

  it('refuses writes to the old names, and names that are taken', async () => {
    const { service } = test;
    for (const name of ['first', 'openai/gpt-4o']) {
      await expect(service.updateCustodyTestResult(name, PASSED)).rejects.toMatchObject({
        code: 'agent_renamed',
        options: { extensions: { agent_type: 'third' } },
      });
      await expect(service.renameAgent('other', name)).rejects.toMatchObject({ code: 'agent_exists' });
    }
    await expect(service.getAgentMetrics('first')).rejects.toMatchObject({ code: 'agent_not_found' });
    await expect(service.renameAgent('first', 'fourth')).rejects.toMatchObject({ code: 'agent_renamed' });
    await expect(service.renameAgent('third', 'other')).rejects.toMatchObject({ code: 'agent_exists' });
    await expect(service.renameAgent('nobody', 'fourth')).rejects.toMatchObject({ code: 'agent_not_found' });
    for (const invalid of ['third', 'results', '/a', '', 'x'.repeat(51)]) {
      await expect(service.renameAgent('third', invalid)).rejects.toMatchObject({ code: 'validation_failed' });
    }
    await expect(service.renameAgent('third', 'fourth', { precondition: { match: [1] } })).rejects.toMatchObject({
      code: 'precondition_failed',
    });
    const [refused, recorded] = await service.recordResults([
      { id: '1', agent_type: 'first', ...PASSED },
      { id: '2', agent_type: 'other', ...PASSED },
    ]);
    expect(refused).toMatchObject({ status: 'refused', error: { code: 'agent_renamed' } });
    expect(recorded).toMatchObject({ status: 'recorded' });
    expect(await differences(test)).toEqual([]);
  });

  it('keeps idempotency keys, also its own', async () => {
    const { service } = test;
    const once = { idempotencyKey: 'result' };
    const first = await service.updateCustodyTestResult('keyed', PASSED, once);
    await service.recordResults([{ id: 'item', agent_type: 'keyed', ...PASSED }]);
    await service.bulkUpdateMetrics({ keyed: { xp: 10 }, other: { xp: 5 } }, { idempotencyKey: 'bulk' });
    const renamed = await service.renameAgent('keyed', 'keyed/2', { idempotencyKey: 'rename' });
    expect(await service.renameAgent('keyed', 'keyed/2', { idempotencyKey: 'rename' })).toEqual({
      ...renamed,
      replayed: true,
    });
    await expect(service.renameAgent('keyed', 'keyed/3', { idempotencyKey: 'rename' })).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(await service.updateCustodyTestResult('keyed/2', PASSED, once)).toMatchObject({
      agent_type: 'keyed/2',
      version: first.version,
      replayed: true,
    });
    await expect(service.updateCustodyTestResult('keyed/2', { ...PASSED, score: 1 }, once)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(await service.recordResults([{ id: 'item', agent_type: 'keyed/2', ...PASSED }])).toMatchObject([
      { status: 'replayed' },
    ]);
    const bulk = { 'keyed/2': { xp: 10 }, other: { xp: 5 } };
    expect(await service.bulkUpdateMetrics(bulk, { idempotencyKey: 'bulk' })).toMatchObject([
      { replayed: true },
      { replayed: true },
    ]);
    expect((await service.getAgentMetrics('keyed/2')).version).toBe(renamed.version);
  });

  it('can be undone: requests under either name are replayed', async () => {
    const { service } = test;
    const first = await service.updateCustodyTestResult('typo', PASSED, { idempotencyKey: 'a' });
    const there = await service.renameAgent('typo', 'tpyo', { idempotencyKey: 'there' });
    const second = await service.updateCustodyTestResult('tpyo', PASSED, { idempotencyKey: 'b' });
    const back = await service.renameAgent('tpyo', 'typo', { idempotencyKey: 'back' });
    expect(back).toMatchObject({ agent_type: 'typo', version: 5 });
    await service.updateCustodyTestResult('typo', PASSED);
    expect(await versionsOf(test, 'typo')).toMatchObject([
      { type: 'created', recorded_as: 'typo' },
      { type: 'custody_test', recorded_as: 'typo' },
      { type: 'renamed', recorded_as: 'typo' },
      { type: 'custody_test', recorded_as: 'tpyo' },
      { type: 'renamed', recorded_as: 'tpyo' },
      { type: 'custody_test', recorded_as: null },
    ]);
    const replays = [
      await service.updateCustodyTestResult('typo', PASSED, { idempotencyKey: 'a' }),
      await service.updateCustodyTestResult('typo', PASSED, { idempotencyKey: 'b' }),
      await service.renameAgent('typo', 'tpyo', { idempotencyKey: 'there' }),
      await service.renameAgent('tpyo', 'typo', { idempotencyKey: 'back' }),
    ];
    expect(replays.map(({ version, replayed }) => [version, replayed])).toEqual(
      [first, second, there, back].map(({ version }) => [version, true]),
    );
    await expect(service.updateCustodyTestResult('tpyo', PASSED)).rejects.toMatchObject({ code: 'agent_renamed' });
    expect(
      await test.database.query("SELECT name, agent_type FROM agent_aliases WHERE name IN ('typo', 'tpyo')"),
    ).toEqual([{ name: 'tpyo', agent_type: 'typo' }]);
    for (const name of ['tpyo', 'typo', 'tpyo', 'typo']) {
      await service.renameAgent(name === 'typo' ? 'tpyo' : 'typo', name);
    }
    // Names of merged agents remain taken.
    await service.updateCustodyTestResult('merged', PASSED);
    await service.mergeAgents('merged', 'typo');
    await expect(service.renameAgent('typo', 'merged')).rejects.toMatchObject({ code: 'agent_exists' });
    expect(await differences(test)).toEqual([]);
  });

  it('is rolled back with the transaction of the caller', async () => {
    const { service } = test;
    await service.updateCustodyTestResult('kept', PASSED);
    await expect(
      test.dataSource.transaction(async (manager) => {
        await service.renameAgent('kept', 'lost', { manager });
        await service.updateCustodyTestResult('lost', PASSED, { manager });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect((await service.getAgentMetrics('kept')).version).toBe(2);
    expect(await differences(test)).toEqual([]);
  });

  it('loses and repeats nothing while others write', async () => {
    const { service } = test;
    await service.updateCustodyTestResult('busy-0', PASSED);
    let name = 'busy-0';
    const refused: unknown[] = [];
    const write = async (key: number) => {
      for (;;) {
        const target = name;
        try {
          await service.updateCustodyTestResult(target, PASSED, { idempotencyKey: `k${key}` });
          return;
        } catch (error) {
          const { code } = error as { code: string };
          if (code !== 'agent_renamed' && code !== 'write_conflict') throw error;
          refused.push(code);
          // Repeated with the old name until the new one is known.
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    };
    const rename = async () => {
      for (let next = 1; next <= 5; next++) {
        await service.renameAgent(name, `busy-${next}`);
        name = `busy-${next}`;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    await Promise.all([rename(), ...Array.from({ length: 100 }, (_, key) => write(key))]);
    const agent = await service.getAgentMetrics('busy-5');
    expect([agent.total_tests_given, agent.version]).toEqual([101, 1 + 101 + 5]);
    expect(await differences(test)).toEqual([]);
  });

  it('leaves one agent if its new name is created meanwhile', async () => {
    const { service } = test;
    await service.updateCustodyTestResult('mover', PASSED);
    const [renamed, written] = await Promise.allSettled([
      service.renameAgent('mover', 'contested'),
      service.updateCustodyTestResult('contested', PASSED),
    ]);
    expect(written.status).toBe('fulfilled');
    if (renamed.status === 'rejected') expect(renamed.reason).toMatchObject({ code: 'agent_exists' });
    expect(await differences(test)).toEqual([]);
  });

  it('is exported and imported, with the earlier names', async () => {
    const target = await startTestService();
    try {
      const file = await exported(test, { of: 'events', format: 'ndjson' });
      expect(await imported(target, file)).toMatchObject({ accepted: true, invalid: 0 });
      expect(await differences(target)).toEqual([]);
      await expect(target.service.updateCustodyTestResult('first', PASSED)).rejects.toMatchObject({
        code: 'agent_renamed',
      });
      expect(await exported(target, { of: 'events', format: 'ndjson' })).toBe(file);
      const csv = await exported(test, { of: 'events', format: 'csv', agentType: 'third' });
      const empty = await startTestService();
      expect(await imported(empty, csv)).toMatchObject({ accepted: true, invalid: 0 });
      await empty.close();
    } finally {
      await target.close();
    }
  });

  it('is rebuilt', async () => {
    await test.database.query(`DELETE FROM agent_metrics WHERE agent_type = 'third'`);
    const request = { dryRun: false, onDifference: () => undefined };
    expect(await rebuild(test.dataSource, SETTINGS, request)).toMatchObject({ rows: 1, unsound: [] });
    expect(await differences(test)).toEqual([]);
  });

  it('is compared with the earlier names, which are rebuilt', async () => {
    const { database } = test;
    const aliases = () => database.query('SELECT name, agent_type, kind FROM agent_aliases ORDER BY name');
    const before = await aliases();
    await database.query("DELETE FROM agent_aliases WHERE name IN ('first', 'tpyo')");
    await database.query(
      "INSERT INTO agent_aliases (name, agent_type, kind) VALUES ('forged', 'third', 'renamed'), ('lost', 'nobody', 'renamed')",
    );
    const problems = (await differences(test)).map(({ agent_type, in: place, problem }) => [
      agent_type,
      place,
      problem,
    ]);
    expect(problems.filter(([, place]) => place === 'alias').sort()).toEqual([
      ['nobody', 'alias', 'agent_aliases has the earlier name "lost", which no event states'],
      ['third', 'alias', 'agent_aliases has no row for the earlier name "first"'],
      ['third', 'alias', 'agent_aliases has the earlier name "forged", which no event states'],
      ['typo', 'alias', 'agent_aliases has no row for the earlier name "tpyo"'],
    ]);
    const request = { dryRun: false, onDifference: () => undefined };
    await rebuild(test.dataSource, SETTINGS, request);
    expect(await aliases()).toEqual(before);
    expect(await differences(test)).toEqual([]);
  });

  it('cannot be forged', async () => {
    await test.database.query(
      `UPDATE agent_events SET recorded_as = 'other' WHERE agent_type = 'third' AND version = 1`,
    );
    expect(await differences(test)).toContainEqual(
      expect.objectContaining({ agent_type: 'third', version: 1, problem: 'does not match its hash' }),
    );
  });
});

it('default agents that were renamed are not created again', async () => {
  const test = await startTestService();
  try {
    await test.service.createDefaultAgents();
    await test.service.renameAgent('guardian', 'keeper');
    expect(await test.service.createDefaultAgents()).toEqual([]);
  } finally {
    await test.close();
  }
});
