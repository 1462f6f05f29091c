import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestService, type TestService } from '../support/test-service.js';

const passed = { passed: true, score: 95, duration: 1, xp_awarded: 1 };

let test: TestService;
beforeAll(async () => {
  test = await startTestService({ CONNECTION_POOL_SIZE: '8', MAX_OVERFLOW: '8' });
});
afterAll(() => test.close());

const eventsOf = async (agentType: string) =>
  test.database.query<{ version: number; type: string }>(
    'SELECT version, type FROM agent_events WHERE agent_type = $1 ORDER BY version',
    [agentType],
  );

describe('a write', () => {
  it.each(['agent_metrics', 'agent_events'])('leaves neither event nor row when that of %s fails', async (table) => {
    const before = await test.service.getAgentMetrics('guardian');
    await test.database.query(`
      CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not today'; END $$;
      CREATE TRIGGER fail BEFORE UPDATE OR INSERT ON ${table} EXECUTE FUNCTION fail()`);
    try {
      await expect(test.service.updateCustodyTestResult('guardian', passed)).rejects.toThrow('not today');
      await expect(test.service.updateCustodyTestResult('newcomer', passed)).rejects.toThrow('not today');
    } finally {
      await test.database.query('DROP FUNCTION fail CASCADE');
    }
    expect(await test.service.getAgentMetrics('guardian')).toEqual(before);
    expect(await eventsOf('guardian')).toHaveLength(before.version);
    expect(await eventsOf('newcomer')).toEqual([]);
    await expect(test.service.getAgentMetrics('newcomer')).rejects.toMatchObject({ code: 'agent_not_found' });
  });

  it('is committed when it is acknowledged', async () => {
    await test.service.updateCustodyTestResult('committed', passed);
    const rows = await test.database.query(
      `SELECT total_tests_given, version FROM agent_metrics WHERE agent_type = 'committed'`,
    );
    expect(rows).toEqual([{ total_tests_given: 1, version: 2 }]);
  });

  it("joins the caller's transaction, and goes with it", async () => {
    const outcome = test.dataSource.transaction(async (manager) => {
      await test.service.updateCustodyTestResult('joined', passed, { manager });
      await test.service.updateLearningMetrics('joined', { xp_awarded: 5 }, { manager });
      throw new Error('the caller changed its mind');
    });
    await expect(outcome).rejects.toThrow('the caller changed its mind');
    expect(await eventsOf('joined')).toEqual([]);

    await test.dataSource.transaction(async (manager) => {
      await test.service.updateCustodyTestResult('joined', passed, { manager });
      await test.service.updateLearningMetrics('joined', { xp_awarded: 5 }, { manager });
    });
    expect(await test.service.getAgentMetrics('joined')).toMatchObject({ xp: 5, total_tests_given: 1, version: 3 });
  });
});

describe('writers at the same time', () => {
  it('lose nothing: 32 of them on one agent, 10 results each', async () => {
    const writers = Array.from({ length: 32 }, async () => {
      for (let count = 0; count < 10; count++) await test.service.updateCustodyTestResult('hot', passed);
    });
    await Promise.all(writers);
    expect(await test.service.getAgentMetrics('hot')).toMatchObject({
      total_tests_given: 320,
      total_tests_passed: 320,
      consecutive_successes: 320,
      custody_xp: 320,
      version: 321,
    });
    const versions = (await eventsOf('hot')).map(({ version }) => version);
    expect(versions).toEqual(Array.from({ length: 321 }, (_, index) => index + 1));
  });

  it('create an agent once, and lose nothing of what they say of it', async () => {
    for (let round = 0; round < 5; round++) {
      const agentType = `born-${round}`;
      await Promise.all(Array.from({ length: 8 }, () => test.service.updateCustodyTestResult(agentType, passed)));
      expect(await test.service.getAgentMetrics(agentType)).toMatchObject({ total_tests_given: 8 });
      expect((await eventsOf(agentType)).filter(({ type }) => type === 'created')).toHaveLength(1);
    }
  });

  it('of many agents in any order do not lock each other out', async () => {
    const names = ['imperium', 'guardian', 'sandbox', 'conquest'];
    const before = await Promise.all(names.map((name) => test.service.getAgentMetrics(name)));
    await Promise.all(
      Array.from({ length: 24 }, (_, index) => {
        const order = index % 2 === 0 ? names : [...names].reverse();
        return test.service.bulkUpdateMetrics(Object.fromEntries(order.map((name) => [name, { prestige: index }])));
      }),
    );
    const after = await Promise.all(names.map((name) => test.service.getAgentMetrics(name)));
    expect(after.map(({ version }) => version)).toEqual(before.map(({ version }) => version + 24));
    expect(new Set(after.map(({ prestige }) => prestige)).size).toBe(1);
  });
});

describe('a bulk update', () => {
  it('takes effect for all agents or for none', async () => {
    const before = await test.service.getAgentMetrics('sandbox');
    const updates = { sandbox: { prestige: 9 }, stranger: { xp: 5 }, conquest: { level: 0 } };
    await expect(test.service.bulkUpdateMetrics(updates)).rejects.toMatchObject({
      code: 'rule_violated',
      options: { errors: [{ field: 'updates.conquest.level' }] },
    });
    expect(await test.service.getAgentMetrics('sandbox')).toEqual(before);
    expect(await eventsOf('stranger')).toEqual([]);
  });
});
