import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CHECKPOINT_INTERVAL } from '../../src/progression/checkpoint.js';
import { PastAgents } from '../../src/agent-metrics/read/past-agents.js';
import type { AgentMetrics } from '../../src/agent-metrics/store/agent-metrics.entity.js';
import { verify } from '../../src/verification/verify.js';
import { commandSequence } from '../factories/command.arbitrary.js';
import { sendCommand } from '../support/send-command.js';
import { startTestService, type TestService } from '../support/test-service.js';

const START = Date.UTC(2027, 0, 1);
const PASSED = { passed: true, score: 90, duration: 1 };
const minute = (number: number) => new Date(START + number * 60_000);

let test: TestService;
let past: PastAgents;
beforeAll(async () => {
  test = await startTestService({ MAX_XP_AWARDED: '200000' });
  past = test.get(PastAgents);
});
afterAll(() => test.close());

const rows = async (agentType: string) => {
  const [row] = await test.database.query<{ row: unknown }>(
    'SELECT to_jsonb(agent_metrics) AS row FROM agent_metrics WHERE agent_type = $1',
    [agentType],
  );
  return row?.row;
};

describe('an agent as of a moment', () => {
  it('is what the row was after any sequence of writes, by version and by time', async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(commandSequence, async (commands) => {
        const agentType = `any-${number++}`;
        const known: { at: number; agent: AgentMetrics }[] = [];
        for (const [index, command] of [{ type: 'create' } as const, ...commands.slice(0, 12)].entries()) {
          test.setClock(minute(index));
          await sendCommand(test.service, agentType, command).catch(() => undefined);
          known.push({ at: index, agent: await test.service.getAgentMetrics(agentType) });
        }
        for (const { at, agent } of known) {
          const expected = Object.assign({}, agent);
          expect((await past.get(agentType, agent.version)).agent).toEqual(expected);
          expect((await past.get(agentType, minute(at))).agent).toEqual(expected);
          expect((await past.get(agentType, minute(at + 0.5).toISOString())).agent).toEqual(expected);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('is read from the newest checkpoint', async () => {
    test.setClock(minute(0));
    const results = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({
        id: `r${from + index}`,
        agent_type: 'long',
        ...PASSED,
        passed: (from + index) % 7 > 0,
        score: (from + index) % 100,
      }));
    const known = new Map<number, AgentMetrics>();
    let recorded = 0;
    for (const count of [300, 198, 1, 1, 1, 250, 248, 2, 400]) {
      test.setClock(minute(recorded));
      await test.service.recordResults(results(recorded, count));
      recorded += count;
      const agent = await test.service.getAgentMetrics('long');
      known.set(agent.version, agent);
    }
    const found = await test.database.query<{ version: number }>(
      `SELECT version FROM agent_events WHERE agent_type = 'long' AND result ? 'checkpoint' ORDER BY version`,
    );
    expect(found.map(({ version }) => version)).toEqual([CHECKPOINT_INTERVAL, 2 * CHECKPOINT_INTERVAL]);
    for (const [version, agent] of known)
      expect((await past.get('long', version)).agent).toEqual(Object.assign({}, agent));
    // The first events are not read any more.
    await test.database.query(
      `CREATE TABLE kept AS SELECT * FROM agent_events WHERE agent_type = 'long' AND version BETWEEN 2 AND 499`,
    );
    await test.database.query(`DELETE FROM agent_events WHERE agent_type = 'long' AND version BETWEEN 2 AND 499`);
    expect((await past.get('long', 1402)).agent.total_tests_given).toBe(1401);
    await test.database.query('INSERT INTO agent_events OVERRIDING SYSTEM VALUE SELECT * FROM kept');
    await test.database.query('DROP TABLE kept; SELECT rebuild_rollups()');
    expect((await verify(test.dataSource)).named).toEqual([]);
  });

  it('a void starts at the checkpoint before the event, and corrects what checkpoints after it contain', async () => {
    const before = await rows('long');
    await test.service.updateCustodyTestResult('twin', PASSED);
    for (const version of [1203, 700, 20, 1000]) await test.service.voidEvent('long', version, { reason: 'a mistake' });
    expect((await verify(test.dataSource)).named).toEqual([]);
    expect((await test.service.getAgentMetrics('long')).total_tests_given).toBe(1401 - 4);
    expect(await rows('long')).not.toEqual(before);
    expect((await past.get('long', 1402)).agent.total_tests_given).toBe(1401);
  });

  it('has the gates of that moment', async () => {
    test.setClock(minute(0));
    for (let index = 0; index < 6; index++)
      await test.service.updateCustodyTestResult('gated', { ...PASSED, xp_awarded: 40 });
    test.setClock(minute(1));
    for (let index = 0; index < 4; index++)
      await test.service.updateCustodyTestResult('gated', { ...PASSED, passed: false });
    test.setClock(minute(2));
    const now = await test.custody.getAgentCustody('gated');
    const then = await test.custody.getAgentCustody('gated', minute(0));
    expect(now.standing.consecutive_failures).toBe(4);
    expect(then.standing.consecutive_failures).toBe(0);
    expect([then.eligibility.propose.eligible, now.eligibility.propose.eligible]).toEqual([true, false]);
    expect(then.as_of).toEqual({ version: 7, recorded_at: minute(0) });
    // A year later, with nothing recorded, the agent is overdue.
    test.setClock(minute(525_600));
    expect((await test.custody.getStanding('gated', minute(2))).is_overdue).toBe(false);
    expect((await test.custody.getStanding('gated')).is_overdue).toBe(true);
    test.setClock(minute(3));
  });

  it('is not found before its creation, and not known in the future', async () => {
    test.setClock(minute(10));
    await test.service.createOrUpdateAgentMetrics('young', {});
    await expect(past.get('young', minute(9))).rejects.toMatchObject({ code: 'agent_not_found' });
    await expect(past.get('young', 3)).rejects.toMatchObject({ code: 'event_not_found' });
    await expect(past.get('nobody', 1)).rejects.toMatchObject({ code: 'agent_not_found' });
    for (const invalid of [0, -1, 1.5, 'yesterday', '', null, NaN, new Date(NaN), {}, minute(20), '2147483648']) {
      await expect(past.get('young', invalid as never)).rejects.toMatchObject({
        code: 'validation_failed',
        options: { errors: [{ field: 'as_of' }] },
      });
    }
  });

  it('follows renames and voids', async () => {
    test.setClock(minute(0));
    await test.service.updateCustodyTestResult('first-name', PASSED);
    await test.service.updateCustodyTestResult('first-name', { ...PASSED, passed: false });
    test.setClock(minute(1));
    await test.service.renameAgent('first-name', 'second-name');
    await test.service.voidEvent('second-name', 3, { reason: 'a mistake' });
    expect((await past.get('second-name', minute(0))).agent).toMatchObject({
      agent_type: 'second-name',
      total_tests_failed: 1,
    });
    expect((await past.get('second-name', 5)).agent).toMatchObject({ total_tests_failed: 0 });
  });
});

describe('the leaderboard as of a time', () => {
  it('is the one that was read at that time', async () => {
    const other = await startTestService();
    try {
      const pages = [];
      for (let step = 0; step < 6; step++) {
        other.setClock(minute(step));
        for (let agent = 0; agent <= step; agent++) {
          const agentType = `agent-${agent}`;
          if (step === 5 && agent === 2) continue;
          await other.service.updateLearningMetrics(agentType, { learning_score: (agent * 7 + step) % 5 });
          await other.service.updateAdversarialTestResult(agentType, { score: 80, is_winner: agent % 2 === 0 });
        }
        if (step === 2) await other.service.createOrUpdateAgentMetrics('agent-1', { is_active: false });
        if (step === 4) await other.service.mergeAgents('agent-2', 'agent-0');
        pages.push(await other.leaderboard.page());
      }
      other.setClock(minute(60));
      for (const [step, page] of pages.entries()) {
        const then = await other.leaderboard.page({ as_of: minute(step) });
        const withoutLater = (entries: typeof page.items) =>
          entries.map((entry) => Object.assign({}, entry, { last_test_date: entry.last_test_date?.getTime() }));
        expect(withoutLater(then.items)).toEqual(withoutLater(page.items));
        const [first] = page.items;
        if (!first) throw new Error('an empty leaderboard');
        const around = await other.leaderboard.page({ as_of: minute(step), around: first.agent_type, limit: 1 });
        expect(around.items.map(({ agent_type, rank }) => [agent_type, rank])).toEqual([
          [first.agent_type, first.rank],
        ]);
        const one = await other.leaderboard.page({ as_of: minute(step), limit: 1 });
        const next =
          one.next_cursor === null
            ? []
            : (await other.leaderboard.page({ as_of: minute(step), cursor: one.next_cursor })).items;
        expect([...one.items, ...next].map(({ agent_type }) => agent_type)).toEqual(
          page.items.map(({ agent_type }) => agent_type),
        );
      }
      await expect(other.leaderboard.page({ as_of: minute(1), limit: 101 })).rejects.toMatchObject({
        code: 'validation_failed',
      });
      await expect(other.leaderboard.page({ as_of: minute(1), period: 'day' })).rejects.toMatchObject({
        code: 'validation_failed',
      });
      await expect(other.leaderboard.page({ as_of: minute(0), around: 'agent-4' })).rejects.toMatchObject({
        code: 'validation_failed',
      });
    } finally {
      await other.close();
    }
  });
});
