import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { WriteOptions } from '../../src/agent-metrics/index.js';
import { AgentMetricsRepository } from '../../src/agent-metrics/store/agent-metrics.repository.js';
import { loadSettings } from '../../src/config/settings.js';
import { rebuild } from '../../src/verification/rebuild.js';
import { verify } from '../../src/verification/verify.js';
import { countLockWaits } from '../support/lock-waits.js';
import { startTestService, type TestService } from '../support/test-service.js';

const RESULT = { passed: true, score: 90, duration: 1 };

let test: TestService;
let operator: pg.Client;
let agent: string;
let agents = 0;
beforeAll(async () => {
  test = await startTestService({ CONNECTION_POOL_SIZE: '4', LOCK_TIMEOUT: '30', STATEMENT_TIMEOUT: '60' });
});
afterAll(() => test.close());

beforeEach(async () => {
  operator = new pg.Client({ connectionString: test.database.url });
  await operator.connect();
  agent = `guardian-${++agents}`;
  for (let result = 0; result < 3; result++) await record();
});
afterEach(() => {
  jest.restoreAllMocks();
  return operator.end();
});

const record = (agentType = agent) => test.service.updateCustodyTestResult(agentType, RESULT);
const rename = (to: string) => test.service.renameAgent(agent, to);
const erase = (options: WriteOptions = {}) =>
  test.service.eraseAgent(agent, { agent_type: agent, reason: 'by request' }, options);
const deleteRow = (agentType = agent) =>
  test.database.query('DELETE FROM agent_metrics WHERE agent_type = $1', [agentType]);

/** Waits until so many sessions of the database wait for a lock, or until the write is done. */
async function untilWaiting(count: number, write: Promise<unknown>): Promise<void> {
  const done = write.then(
    () => true,
    () => true,
  );
  while ((await countLockWaits(test.database)) < count) if (await Promise.race([done, sleep(10, false)])) return;
}

async function expectWholeLedger(): Promise<void> {
  expect(await verify(test.dataSource)).toMatchObject({ differences: 0, named: [] });
}

describe('an agent that has events and no row', () => {
  /** An erasure waits for this lock when it has deleted the events, but not the row. */
  async function stopErasure(): Promise<void> {
    await operator.query('BEGIN');
    await operator.query('LOCK TABLE webhook_deliveries IN SHARE MODE');
  }

  async function raceErasure(erasing: Promise<unknown>): Promise<void> {
    await untilWaiting(1, erasing);
    const recording = record();
    await untilWaiting(2, recording);
    await operator.query('COMMIT');
    await Promise.all([erasing, recording]);
    expect(await test.service.getAgentMetrics(agent)).toMatchObject({ total_tests_given: 1 });
    await expectWholeLedger();
  }

  it('is locked by an erasure, if its row was deleted by hand', async () => {
    await deleteRow();
    await stopErasure();
    await raceErasure(erase());
  });

  it('is locked by an erasure, if it was erased and created while the erasure waited', async () => {
    const begun = await test.dataSource.transaction(async (manager) => {
      await erase({ manager });
      await test.service.updateCustodyTestResult(agent, RESULT, { manager });
      const stopped = stopErasure();
      await untilWaiting(1, stopped);
      const erasing = erase();
      await untilWaiting(2, erasing);
      return [stopped, erasing] as const;
    });
    await begun[0];
    await raceErasure(begun[1]);
  });

  it('gets its row back when it is renamed or merged', async () => {
    await deleteRow();
    await rename('keeper');
    await deleteRow('keeper');
    await record('target');
    await test.service.mergeAgents('keeper', 'target');
    expect(await test.service.getAgentMetrics('target')).toMatchObject({ total_tests_given: 4 });
    await expectWholeLedger();
  });

  it.each([
    ['a rename', () => rename('renamed')],
    ['an erasure', () => erase()],
    [
      'a rebuild',
      () =>
        rebuild(test.dataSource, loadSettings({}), { agentType: agent, dryRun: false, onDifference: () => undefined }),
    ],
  ])('gets its row back once, by a result and %s at the same time', async (_, write) => {
    await deleteRow();
    await operator.query('BEGIN');
    await operator.query('LOCK TABLE agent_metrics IN SHARE MODE');
    const recording = record();
    await untilWaiting(1, recording);
    const writing = write();
    await untilWaiting(2, writing);
    await operator.query('COMMIT');
    // The first one of the two is not the same each time.
    const refused = (await Promise.allSettled([recording, writing])).filter(({ status }) => status === 'rejected');
    expect(refused.map((outcome) => (outcome as PromiseRejectedResult).reason as unknown)).toEqual(
      refused.map(() => expect.objectContaining({ code: 'agent_renamed' })),
    );
    await expectWholeLedger();
  });
});

describe('an agent that is created', () => {
  it.each([
    [
      'renamed',
      (name: string, manager: EntityManager) => test.service.renameAgent(name, `${name}-renamed`, { manager }),
    ],
    ['merged', (name: string, manager: EntityManager) => test.service.mergeAgents(name, agent, { manager })],
  ])('is not created if an agent of that name was created and %s meanwhile', async (how, end) => {
    const name = `new-${how}`;
    const recording = await test.dataSource.transaction(async (manager) => {
      await manager.query('LOCK TABLE agent_metrics IN SHARE ROW EXCLUSIVE MODE');
      const begun = record(name).catch((error: unknown) => error);
      await untilWaiting(1, begun);
      await test.service.updateCustodyTestResult(name, RESULT, { manager });
      await end(name, manager);
      return { begun };
    });
    expect(await recording.begun).toMatchObject({ code: 'agent_renamed' });
    await expectWholeLedger();
  });

  it('has a request once, if the request was looked up before it was recorded', async () => {
    const recordOnce = (options: WriteOptions = {}) =>
      test.service.updateCustodyTestResult('requested', RESULT, { ...options, idempotencyKey: 'same' });
    const steps = new EventEmitter();
    const [lookedUp, committed] = [once(steps, 'looked up'), once(steps, 'committed')];
    const { repeating } = await test.dataSource.transaction(async (manager) => {
      await recordOnce({ manager });
      // Aliases are read after the recorded requests, and before the events.
      jest.spyOn(AgentMetricsRepository.prototype, 'findAliases').mockImplementationOnce(async function (
        this: AgentMetricsRepository,
        session,
        names,
      ) {
        const aliases = await this.findAliases(session, names);
        steps.emit('looked up');
        await committed;
        return aliases;
      });
      const repeating = recordOnce();
      await lookedUp;
      return { repeating };
    });
    steps.emit('committed');
    expect(await repeating).toMatchObject({ version: 2, replayed: true });
    await expectWholeLedger();
  });
});
