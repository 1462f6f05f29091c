import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import pg from 'pg';
import { buildClientConfig } from '../../src/database/client/client.js';
import type { AgentEvent } from '../../src/progression/events.js';
import { anyCommand } from '../factories/command.arbitrary.js';
import { rollupsOf } from '../support/rollups.js';
import { sendCommand } from '../support/send-command.js';
import { startTestService, type TestService } from '../support/test-service.js';

const AGENTS = ['guardian', 'sandbox', 'newcomer'];
const RUNS = 20;
const HOUR = 3_600_000;
const PASSED = { passed: true, score: 90.25, duration: 60.5 };

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

const rollups = () => rollupsOf(test.database);

const rounds = fc.array(
  fc.array(fc.record({ agentType: fc.constantFrom(...AGENTS), command: anyCommand }), { minLength: 1, maxLength: 12 }),
  { minLength: 1, maxLength: 6 },
);

describe('after any commands, by two instances', () => {
  it('what the rollups have kept is what the ledger makes of them', async () => {
    await fc.assert(
      fc.asyncProperty(rounds, async (sequence) => {
        for (const round of sequence) {
          await Promise.allSettled(
            round.map(({ agentType, command }, index) =>
              sendCommand((index % 2 === 0 ? test : other).service, agentType, command),
            ),
          );
        }
        const kept = await rollups();
        await test.database.query('SELECT rebuild_rollups()');
        expect(await rollups()).toEqual(kept);
      }),
      { numRuns: RUNS },
    );
  });

  it('the analytics say of each agent what its events say', async () => {
    const histories = await test.ledger.read(test.dataSource.manager, AGENTS);
    expect(histories.size).toBe(AGENTS.length);
    for (const [agentType, { events }] of histories) {
      const tests = events.filter(isTest);
      const performance = await test.analytics.getTestPerformance(agentType);
      const judged = tests.filter(({ payload }) => payload.passed !== null);
      const errored = tests.length - judged.length;
      expect(performance).toMatchObject({ tests: judged.length, passed: judged.filter(isPassed).length, errored });
      expect(performance.average_score).toBeCloseTo(sum(judged, ({ score }) => score ?? NaN) / judged.length, 9);
      for (const [difficulty, outcomes] of Object.entries(performance.by_difficulty)) {
        expect(outcomes.tests).toBe(judged.filter(({ payload }) => payload.difficulty === difficulty).length);
      }
      const perCategory = Object.values(performance.by_category);
      expect(perCategory.reduce((total, outcomes) => total + outcomes.tests, 0)).toBe(judged.length);

      const [newest] = tests.sort((one, another) => another.occurred_at.getTime() - one.occurred_at.getTime());
      if (!newest) throw new Error(`${agentType} has no test`);
      const to = new Date(Math.floor(newest.occurred_at.getTime() / HOUR) * HOUR + HOUR);
      const { trends } = await test.analytics.getTrends(
        { bucket: 'hour', from: new Date(to.getTime() - HOUR), to },
        agentType,
      );
      const withinTheHour = judged.filter(({ occurred_at }) => occurred_at.getTime() >= to.getTime() - HOUR);
      expect(trends.map(({ tests }) => tests)).toEqual([withinTheHour.length]);
    }
  });
});

describe('transactions at the same time', () => {
  it('do not wait for each other to keep the sums over all agents', async () => {
    await test.transactions.run(async (manager) => {
      await test.service.updateCustodyTestResult('guardian', PASSED, { manager });
      // While that one is not committed.
      await other.service.updateCustodyTestResult('sandbox', PASSED);
    });
    const kept = await rollups();
    await test.database.query('SELECT rebuild_rollups()');
    expect(await rollups()).toEqual(kept);
  });

  it('take turns when there are more of them than slots', async () => {
    const clients = Array.from({ length: 20 }, () => new pg.Client(buildClientConfig(test.database.connection)));
    await Promise.all(clients.map((client) => client.connect()));
    try {
      const updates = clients.map(async (client, index) => {
        await client.query('BEGIN');
        await client.query(`INSERT INTO agent_metrics (agent_id, agent_type, xp) VALUES ('a', 'by-hand-${index}', 7)`);
        await sleep(200);
        await client.query('COMMIT');
      });
      await Promise.all(updates);
    } finally {
      await Promise.all(clients.map((client) => client.end()));
    }
    const kept = await rollups();
    await test.database.query('SELECT rebuild_rollups()');
    expect(await rollups()).toEqual(kept);
  });

  it('may have any search path', async () => {
    const before = await test.analytics.getSums();
    await test.database.query(`SET search_path = ''`);
    await test.database.query(`UPDATE public.agent_metrics SET xp = xp + 5 WHERE agent_type = 'guardian'`);
    await test.database.query('RESET search_path');
    expect((await test.analytics.getSums()).total_xp).toBe(before.total_xp + 5);
  });

  it('leave nothing in the rollups when they are rolled back', async () => {
    const before = await rollups();
    const rolledBack = test.transactions.run(async (manager) => {
      await test.service.updateCustodyXp('guardian', 12, { manager });
      await test.service.updateAdversarialTestResult('guardian', { score: 90, is_winner: true }, { manager });
      throw new Error('rolled back');
    });
    await expect(rolledBack).rejects.toThrow('rolled back');
    expect(await rollups()).toEqual(before);
  });
});

type TestEvent = Extract<AgentEvent, { type: 'custody_test' | 'adversarial_test' }>;

function isTest(event: AgentEvent): event is TestEvent {
  return event.type === 'custody_test' || event.type === 'adversarial_test';
}

function isPassed({ payload }: TestEvent): boolean {
  return payload.passed === true;
}

function sum(events: readonly TestEvent[], of: (payload: TestEvent['payload']) => number): number {
  return events.reduce((total, { payload }) => total + of(payload), 0);
}
