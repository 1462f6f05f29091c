import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestService, type TestService } from '../support/test-service.js';

const passed = { passed: true, score: 95, duration: 1, xp_awarded: 1 };
const refused = { ...passed, xp_awarded: 2_147_483_647 };

const FULFILLED = expect.objectContaining({ status: 'fulfilled' });
const rejectedWith = (code: string) => ({ status: 'rejected', reason: expect.objectContaining({ code }) });

let test: TestService;
beforeEach(async () => {
  test = await startTestService({ COMMIT_QUEUE_SIZE: '100' });
});
afterEach(() => test.close());

const record = (agentType: string, result = passed) => test.service.updateCustodyTestResult(agentType, result);

/** Time after which the round of a recorded result has begun, and waits for its agent. */
const BEGUN_MS = 10;

/** Lets nothing be written to an agent until `release` is called. */
async function hold(agentType: string): Promise<{ release: () => Promise<void> }> {
  const holder = test.dataSource.createQueryRunner();
  await holder.startTransaction();
  await holder.query('SELECT 1 FROM agent_metrics WHERE agent_type = $1 FOR UPDATE', [agentType]);
  return {
    release: async () => {
      await holder.commitTransaction();
      await holder.release();
    },
  };
}

/** Makes every event of this agent fail in the database, in a way that no rule foresees. */
const poison = async (agentType: string) =>
  test.database.query(`
    CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'poisoned'; END $$;
    CREATE TRIGGER fail BEFORE INSERT ON agent_events FOR EACH ROW WHEN (NEW.agent_type = '${agentType}')
      EXECUTE FUNCTION fail()`);

describe('what arrives while a transaction runs', () => {
  it('is committed together by the next one, in the order of arrival', async () => {
    const { release } = await hold('guardian');
    const first = record('guardian');
    await sleep(BEGUN_MS);
    const others = Array.from({ length: 60 }, (_, index) => record('guardian', { ...passed, xp_awarded: index }));
    await release();
    const changes = await Promise.all([first, ...others]);
    expect(changes.map(({ version }) => version)).toEqual(Array.from({ length: 61 }, (_, index) => index + 2));
    const transactions = await test.database.query(
      `SELECT count(*)::integer AS events, min((payload->>'xp_awarded')::integer) AS least
         FROM agent_events WHERE type = 'custody_test' GROUP BY transaction_id ORDER BY min(version)`,
    );
    expect(transactions).toEqual([
      { events: 1, least: 1 },
      { events: 60, least: 0 },
    ]);
  });

  it('is divided into two rounds of the same size if it has many agents', async () => {
    await Promise.all(Array.from({ length: 80 }, (_, index) => record(`agent-${index % 40}`)));
    const rounds = await test.database.query(
      `SELECT count(DISTINCT agent_type)::integer AS agents, count(*)::integer AS tests
         FROM agent_events WHERE type = 'custody_test' GROUP BY transaction_id`,
    );
    expect(rounds).toEqual([
      { agents: 20, tests: 40 },
      { agents: 20, tests: 40 },
    ]);
  });

  it('fails alone when it breaks a rule', async () => {
    const { release } = await hold('guardian');
    const first = record('guardian');
    await sleep(BEGUN_MS);
    const round = Promise.allSettled([
      record('guardian'),
      record('guardian', refused),
      record('sandbox'),
      test.service.bulkUpdateMetrics({ sandbox: { prestige: 7 }, conquest: { level: 0 } }),
      test.service.updateCustodyXp('nobody', 1),
      record('guardian'),
    ]);
    await release();
    await first;
    expect(await round).toEqual([
      FULFILLED,
      rejectedWith('rule_violated'),
      FULFILLED,
      rejectedWith('rule_violated'),
      rejectedWith('agent_not_found'),
      FULFILLED,
    ]);
    expect(await test.service.getAgentMetrics('guardian')).toMatchObject({ total_tests_given: 3, version: 4 });
    expect(await test.service.getAgentMetrics('sandbox')).toMatchObject({ total_tests_given: 1, prestige: 0 });
  });

  it('is not pulled down by a command that the database refuses', async () => {
    await poison('sandbox');
    const { release } = await hold('guardian');
    const first = record('guardian');
    await sleep(BEGUN_MS);
    const round = Promise.allSettled([record('guardian'), record('sandbox'), record('conquest')]);
    await release();
    await first;
    expect((await round).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await test.service.getAgentMetrics('sandbox')).toMatchObject({ total_tests_given: 0, version: 1 });
    expect(await test.service.getAgentMetrics('conquest')).toMatchObject({ total_tests_given: 1 });
  });
});

describe('an agent that is held up', () => {
  it('does not hold up the others', async () => {
    const { release } = await hold('guardian');
    const held = record('guardian');
    await sleep(BEGUN_MS);
    const changes = await Promise.all(['sandbox', 'conquest', 'sandbox'].map((agentType) => record(agentType)));
    expect(changes.map(({ version }) => version)).toEqual([2, 2, 3]);
    await release();
    expect(await held).toMatchObject({ version: 2 });
  });

  it('does not hold up a single command for long, if others are in its round', async () => {
    const { release } = await hold('guardian');
    const held = test.service.bulkUpdateMetrics({
      guardian: { prestige: 1 },
      sandbox: { prestige: 1 },
      imperium: { prestige: 1 },
    });
    await sleep(BEGUN_MS);
    expect(await record('conquest')).toMatchObject({ version: 2 });
    await release();
    expect(await held).toHaveLength(3);
  });

  it('keeps what waits for it in the order of arrival, and what comes behind that too', async () => {
    const { release } = await hold('guardian');
    const held = record('guardian');
    await sleep(BEGUN_MS);
    const both = test.service.bulkUpdateMetrics({ guardian: { prestige: 1 }, sandbox: { prestige: 1 } });
    const behind = test.service.createOrUpdateAgentMetrics('sandbox', { prestige: 2 });
    // Has nothing to do with them, and overtakes.
    expect(await record('conquest')).toMatchObject({ version: 2 });
    expect(await test.service.getAgentMetrics('sandbox')).toMatchObject({ version: 1 });
    await release();
    await held;
    expect(await both).toMatchObject([{ version: 3 }, { version: 2 }]);
    expect(await behind).toMatchObject({ version: 3 });
    expect(await test.service.getAgentMetrics('sandbox')).toMatchObject({ prestige: 2 });
  });
});

describe('the queue', () => {
  it('refuses, at once, what it has no room for, and serves what it took', async () => {
    const { release } = await hold('guardian');
    const first = record('guardian');
    await sleep(BEGUN_MS);
    const waiting = Array.from({ length: 100 }, () => record('guardian'));
    await expect(record('guardian')).rejects.toMatchObject({ code: 'overloaded' });
    await expect(record('sandbox')).rejects.toMatchObject({ code: 'overloaded' });
    await release();
    await Promise.all([first, ...waiting]);
    expect(await test.service.getAgentMetrics('guardian')).toMatchObject({ total_tests_given: 101 });
    expect(await test.service.getAgentMetrics('sandbox')).toMatchObject({ total_tests_given: 0 });
  });

  it('is drained by a shutdown', async () => {
    const accepted = Array.from({ length: 80 }, () => record('guardian'));
    const [, ...changes] = await Promise.all([test.stop(), ...accepted]);
    expect(changes).toHaveLength(80);
    const rows = await test.database.query(`SELECT total_tests_given FROM agent_metrics WHERE agent_type = 'guardian'`);
    expect(rows).toEqual([{ total_tests_given: 80 }]);
  });
});
