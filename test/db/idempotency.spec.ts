import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/test-service.js';

const passed = { passed: true, score: 95, duration: 1, xp_awarded: 1 };

let test: TestService;
let other: TestService;
beforeAll(async () => {
  test = await startTestService();
  other = await startTestService({}, test.database);
});
afterAll(async () => {
  await other.close();
  await test.close();
});

const givenTo = async (agentType: string) => (await test.service.getAgentMetrics(agentType)).total_tests_given;

describe('a write with a key', () => {
  it('is told from one that was recorded before', async () => {
    const options = { idempotencyKey: 'told' };
    const first = await test.service.updateCustodyTestResult('told', passed, options);
    const again = await test.service.updateCustodyTestResult('told', passed, options);
    expect(first).toMatchObject({ created: true, replayed: false, version: 2 });
    expect(again).toEqual({ ...first, replayed: true });
  });

  it('is one write when two instances get it at the same moment, whether it creates the agent or not', async () => {
    for (const agentType of ['guardian', 'newcomer']) {
      for (let round = 0; round < 10; round++) {
        const options = { idempotencyKey: `moment-${round}` };
        const changes = await Promise.all(
          Array.from({ length: 8 }, (_, index) =>
            (index % 2 === 0 ? test : other).service.updateCustodyTestResult(agentType, passed, options),
          ),
        );
        expect(changes.filter(({ replayed }) => !replayed)).toHaveLength(1);
        expect(new Set(changes.map(({ version }) => version)).size).toBe(1);
      }
      expect(await givenTo(agentType)).toBe(10);
    }
  });

  it('reads no other keys, although the ledger was analyzed before it had any', async () => {
    const fresh = await startTestService();
    try {
      await fresh.service.updateCustodyTestResult('analyzed', passed);
      await fresh.dataSource.query('ANALYZE agent_events');
      const results = Array.from({ length: 100 }, (_, n) => ({ id: `key-${n}`, agent_type: 'analyzed', ...passed }));
      await fresh.service.recordResults(results);
      const read = await fresh.dataSource.transaction(async (manager) => {
        // As in a transaction of the group commit.
        await manager.query('SET LOCAL plan_cache_mode = force_generic_plan; SET LOCAL enable_seqscan = off');
        const options = { idempotencyKey: 'key-7', manager };
        expect(await fresh.service.updateCustodyTestResult('analyzed', passed, options)).toMatchObject({
          replayed: true,
        });
        const [index] = await manager.query<{ read: number }[]>(`
          SELECT pg_stat_get_xact_tuples_returned('uq_agent_events_idempotency_key'::regclass)::integer AS read`);
        return index?.read;
      });
      expect(read).toBe(1);
    } finally {
      await fresh.close();
    }
  });

  it("has not used its key when the caller's transaction is rolled back", async () => {
    const options = { idempotencyKey: 'rolled back' };
    const write = test.dataSource.transaction(async (manager) => {
      await test.service.updateCustodyTestResult('sandbox', passed, { ...options, manager });
      const again = await test.service.updateCustodyTestResult('sandbox', passed, { ...options, manager });
      expect(again.replayed).toBe(true);
      throw new Error('the caller changed its mind');
    });
    await expect(write).rejects.toThrow('the caller changed its mind');
    expect(await test.service.updateCustodyTestResult('sandbox', passed, options)).toMatchObject({ replayed: false });
    expect(await givenTo('sandbox')).toBe(1);
  });

  it.each(['', 'k'.repeat(256), 'line\nbreak', 'clé'])('can not have the key %j', async (idempotencyKey) => {
    await expect(test.service.updateCustodyTestResult('conquest', passed, { idempotencyKey })).rejects.toMatchObject({
      code: 'validation_failed',
      options: { errors: [{ field: 'Idempotency-Key' }] },
    });
    expect(await givenTo('conquest')).toBe(0);
  });
});

describe('a precondition', () => {
  it('lets one of two instances through that know the same version', async () => {
    const { version } = await test.service.getAgentMetrics('imperium');
    const outcomes = await Promise.allSettled(
      [test, other, test, other].map(({ service }) =>
        service.updateSpecificMetrics('imperium', { prestige: 1 }, { precondition: { match: [version] } }),
      ),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect(await test.service.getAgentMetrics('imperium')).toMatchObject({ version: version + 1 });
  });
});
