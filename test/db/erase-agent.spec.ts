import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { analyzeErased } from '../../src/agent-metrics/index.js';
import { verify } from '../../src/verification/verify.js';
import { commandSequence } from '../factories/command.arbitrary.js';
import { createDistributedDatabase } from '../support/distributed-database.js';
import { rollupsOf } from '../support/rollups.js';
import { sendCommand } from '../support/send-command.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { exported } from '../support/transfer.js';

const PASSED = { passed: true, score: 90, duration: 1 };
const NAME = 'zzsecret/agent';
const erase = (test: TestService, agentType = NAME, reason = 'by request') =>
  test.service.eraseAgent(agentType, { agent_type: agentType, reason });
const differences = async ({ dataSource }: TestService) => (await verify(dataSource)).named;

/** Rows, statistics and exports with this text. */
async function findTraces(test: TestService, text: string): Promise<string[]> {
  const tables = await test.database.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'",
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await test.database.query(`SELECT FROM ${name} row WHERE strpos(row::text, $1) > 0`, [text]);
    if (rows.length > 0) found.push(name);
  }
  const statistics = await test.database.query<{ tablename: string; attname: string }>(
    `SELECT tablename, attname FROM pg_stats WHERE schemaname = 'public' AND strpos(pg_stats::text, $1) > 0`,
    [text],
  );
  found.push(...statistics.map(({ tablename, attname }) => `pg_stats of ${tablename}.${attname}`));
  for (const kind of ['agents', 'events'] as const) {
    if ((await exported(test, { of: kind, format: 'ndjson' })).includes(text)) found.push(`export of ${kind}`);
  }
  return found;
}

describe.each(['single server', 'distributed'])('an erasure on the storage form: %s', (form) => {
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

  const fill = async (name: string) => {
    const evidence = { reason: 'zzevidence' };
    await test.service.createOrUpdateAgentMetrics(name, { config: { note: 'zzevidence' } });
    await test.service.updateCustodyTestResult(name, { ...PASSED, category: 'zzcategory', evidence });
    await test.service.updateAdversarialTestResult(name, { score: 80, is_winner: true, evidence });
  };

  it.each(['the only agent', 'one of several'])('leaves no trace of %s', async (which) => {
    const { service } = test;
    if (which === 'one of several') {
      for (const name of ['other-1', 'other-2', 'other-3']) await service.updateCustodyTestResult(name, PASSED);
    }
    const before = await rollupsOf(test.database);
    await fill('zzsecret-old');
    await service.renameAgent('zzsecret-old', NAME);
    await test.database.query(
      `INSERT INTO api_keys (id, name, scope, agents, key_hash) VALUES ($1, $1, 'read', '{zzsecret-old,${NAME},other-1}', '')`,
      [which.slice(0, 16)],
    );
    await test.database.query(
      `INSERT INTO webhook_endpoints (id, url, types, agents, score_tests, score_drop, secrets, created_at, position,
                                      delivered_ahead, since, limits_checked_until, failures, revision)
       VALUES ($1, 'https://example.com', '{test.failed}', '{other-1,zzsecret-old}', 20, 0.2, '[]', now(), 0, '{}', now(), now(), 0, 1)`,
      [randomUUID()],
    );
    await test.database.query(
      `INSERT INTO webhook_deliveries
       SELECT id, 'msg_' || name, 'test.failed', name, 1, 1, now(), 'delivered', 1, now(), now(), 1, 200
         FROM webhook_endpoints, unnest($1::text[]) name`,
      [['zzsecret-old', NAME]],
    );
    await test.database.query('ANALYZE');
    expect(await findTraces(test, 'zzsecret')).not.toEqual([]);
    const { ledger_hash } = await service.getAgentMetrics(NAME);
    expect(await erase(test)).toMatchObject({ head: ledger_hash, events: 5, merged_chains: 0 });
    await test.transactions.read(analyzeErased);
    for (const text of ['zzsecret', 'zzevidence', ...(form === 'distributed' ? [] : ['zzcategory'])]) {
      expect(await findTraces(test, text)).toEqual([]);
    }
    expect(await test.database.query('SELECT agents FROM api_keys WHERE id = $1', [which.slice(0, 16)])).toEqual([
      { agents: ['other-1'] },
    ]);
    expect(await rollupsOf(test.database)).toEqual(before);
    expect(await differences(test)).toEqual([]);
    await expect(service.getAgentMetrics(NAME)).rejects.toMatchObject({ code: 'agent_not_found' });
    await expect(erase(test)).rejects.toMatchObject({ code: 'agent_not_found' });
    // Both names are available.
    for (const name of ['zzsecret-old', NAME]) {
      expect(await service.updateCustodyTestResult(name, PASSED)).toMatchObject({ created: true, version: 2 });
      await erase(test, name);
    }
    expect(await differences(test)).toEqual([]);
  });

  it('is refused without the name, and with a reason that contains it', async () => {
    const { service } = test;
    await service.updateCustodyTestResult('former', PASSED);
    await service.renameAgent('former', 'kept');
    const request = { agent_type: 'kept', reason: 'x' };
    for (const invalid of [
      { ...request, agent_type: 'other' },
      { ...request, reason: '' },
      { ...request, reason: 'x'.repeat(501) },
      { ...request, reason: 'no more (Kept)' },
      { ...request, reason: 'the former one' },
    ]) {
      await expect(service.eraseAgent('kept', invalid)).rejects.toMatchObject({ code: 'validation_failed' });
    }
    await expect(service.eraseAgent('kept', request, { precondition: { match: [1] } })).rejects.toMatchObject({
      code: 'precondition_failed',
    });
    await expect(erase(test, 'former')).rejects.toMatchObject({ code: 'agent_renamed' });
    await expect(
      test.dataSource.transaction(async (manager) => {
        await service.eraseAgent('kept', request, { manager });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect((await service.getAgentMetrics('kept')).version).toBe(3);
    expect(await differences(test)).toEqual([]);
  });

  it('leaves rollups and chains correct while others write', async () => {
    const { service } = test;
    const write = (agentType: string) => async (_: unknown, key: number) =>
      service.updateCustodyTestResult(agentType, PASSED, { idempotencyKey: `k${key}` });
    for (let round = 0; round < 3; round++) {
      await service.updateCustodyTestResult('busy', PASSED);
      const writes = ['busy', 'neighbor'].flatMap((name) => Array.from({ length: 30 }, write(name)));
      await Promise.all([erase(test, 'busy'), ...writes]);
      expect(await differences(test)).toEqual([]);
    }
    expect((await service.getAgentMetrics('neighbor')).total_tests_given).toBe(30);
  });

  it('leaves what other agents had, whatever was recorded', async () => {
    await fc.assert(
      fc.asyncProperty(commandSequence, async (commands) => {
        const before = await rollupsOf(test.database);
        await test.service.updateCustodyTestResult('any', PASSED);
        for (const command of commands) {
          await sendCommand(test.service, 'any', command).catch(() => undefined);
        }
        await erase(test, 'any');
        expect(await rollupsOf(test.database)).toEqual(before);
        expect(await differences(test)).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });

  it('is verified by the chain of tombstones', async () => {
    const { tombstones, named } = await verify(test.dataSource);
    expect([tombstones > 5, named]).toEqual([true, []]);
    await test.database.query(`UPDATE agent_tombstones SET reason = 'other' WHERE id = 2`);
    await test.database.query('DELETE FROM agent_tombstones WHERE id = 4');
    expect(await differences(test)).toEqual([
      { agent_type: '*', in: 'tombstone', version: 2, problem: 'does not match its hash' },
      { agent_type: '*', in: 'tombstone', version: 5, problem: 'is not chained to the previous one' },
    ]);
  });
});
