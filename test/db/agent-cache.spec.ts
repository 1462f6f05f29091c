import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AgentCache } from '../../src/agent-metrics/write/agent-cache.js';
import { AgentLocker } from '../../src/agent-metrics/write/agent-locker.js';
import { RoundWriter } from '../../src/agent-metrics/write/round-writer.js';
import { loadSettings } from '../../src/config/settings.js';
import { rebuild } from '../../src/verification/rebuild.js';
import { verify } from '../../src/verification/verify.js';
import { startTestService, type TestService } from '../support/test-service.js';

const PASSED = { passed: true, score: 90, duration: 3, xp_awarded: 10 };
const AGENTS = Array.from({ length: 20 }, (_, index) => `agent-${index}`);

let test: TestService;
/** Another instance, on the same database. */
let other: TestService;
/** Counts the rounds that lock their agents. */
let locks: jest.SpiedFunction<AgentLocker['lockFor']>;

beforeEach(async () => {
  test = await startTestService();
  other = await startTestService({}, test.database);
  await record();
  locks = jest.spyOn(test.get(AgentLocker), 'lockFor');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await other.close();
  await test.close();
});

const record = (options = {}, service = test.service) => service.updateCustodyTestResult('guardian', PASSED, options);
const sql = (statement: string) => test.database.query(statement);

async function expectRecorded(tests: number, agentType = 'guardian'): Promise<void> {
  expect(await test.service.getAgentMetrics(agentType)).toMatchObject({ total_tests_given: tests });
  expect(await verify(test.dataSource)).toMatchObject({ differences: 0, named: [] });
}

describe('an agent that this process wrote last', () => {
  it('is not locked for its next results', async () => {
    for (let times = 0; times < 5; times++) await record();
    expect(locks).not.toHaveBeenCalled();
    await expectRecorded(6);
  });

  it('is not locked for results with new keys, which are recorded once', async () => {
    await record({ idempotencyKey: 'a' });
    expect(await record({ idempotencyKey: 'b' })).toMatchObject({ version: 4, replayed: false });
    expect(locks).not.toHaveBeenCalled();
    expect(await record({ idempotencyKey: 'a' })).toMatchObject({ version: 3, replayed: true });
    expect(locks).toHaveBeenCalledTimes(1);
    await expectRecorded(3);
  });

  it('is locked for other commands, and not for the result behind them', async () => {
    await test.service.updateLearningMetrics('guardian', { learning_score: 5 });
    expect(locks).toHaveBeenCalledTimes(1);
    await record();
    expect(locks).toHaveBeenCalledTimes(1);
    await expectRecorded(2);
  });

  it('is locked for a late result', async () => {
    const { created_at } = await test.service.getAgentMetrics('guardian');
    const timestamp = new Date(created_at.getTime() - 3_600_000);
    await test.service.updateCustodyTestResult('guardian', { ...PASSED, timestamp });
    expect(locks).toHaveBeenCalledTimes(1);
    await expectRecorded(2);
  });

  it('is locked for a command that is refused', async () => {
    await expect(record({ precondition: { match: [77] } })).rejects.toMatchObject({ code: 'precondition_failed' });
    expect(locks).toHaveBeenCalledTimes(1);
  });
});

describe('an agent that was changed meanwhile', () => {
  /** Expects that the cached agent was tried, and the round then decided on the locked one. */
  const expectRepeated = () => {
    expect(locks).toHaveBeenCalledTimes(1);
  };

  it('by another instance: its results count', async () => {
    await record({}, other.service);
    expect(await record()).toMatchObject({ version: 4 });
    expectRepeated();
    await expectRecorded(3);
  });

  it('by another instance: a precondition on its version holds', async () => {
    await record({}, other.service);
    expect(await record({ precondition: { match: [3] } })).toMatchObject({ version: 4 });
    await expectRecorded(3);
  });

  it('by another instance: its keys are known', async () => {
    await record({ idempotencyKey: 'a' }, other.service);
    expect(await record({ idempotencyKey: 'a' })).toMatchObject({ version: 3, replayed: true });
    await expectRecorded(2);
  });

  it('by hand: the edit is discarded', async () => {
    await sql(`UPDATE agent_metrics SET xp = xp + 1000 WHERE agent_type = 'guardian'`);
    await record();
    expectRepeated();
    await expectRecorded(2);
    expect(await sql(`SELECT 1 FROM agent_events WHERE type = 'edit_discarded'`)).toHaveLength(1);
  });

  it('by hand, with the version: the edit is discarded', async () => {
    await sql(`UPDATE agent_metrics SET xp = xp + 1000, version = version + 1 WHERE agent_type = 'guardian'`);
    await record();
    await expectRecorded(2);
  });

  it('by hand, deleted and inserted again: the edit is discarded', async () => {
    await sql(`CREATE TABLE copy AS SELECT * FROM agent_metrics WHERE agent_type = 'guardian'`);
    await sql(`DELETE FROM agent_metrics WHERE agent_type = 'guardian'`);
    await sql(`UPDATE copy SET xp = 1000000, ledger_hash = NULL`);
    await sql('INSERT INTO agent_metrics SELECT * FROM copy');
    await record();
    await expectRecorded(2);
  });

  it('by hand, deleted: the ledger remains', async () => {
    await sql(`DELETE FROM agent_metrics WHERE agent_type = 'guardian'`);
    await record();
    await expectRecorded(2);
  });

  it('by hand, deleted: a repeated result restores it', async () => {
    await record({ idempotencyKey: 'a' });
    await sql(`DELETE FROM agent_metrics WHERE agent_type = 'guardian'`);
    expect(await record({ idempotencyKey: 'a' })).toMatchObject({ version: 3, replayed: true });
    await expectRecorded(2);
  });

  it('is renamed: the result is refused', async () => {
    await other.service.renameAgent('guardian', 'keeper');
    await expect(record()).rejects.toMatchObject({ code: 'agent_renamed' });
    await expectRecorded(1, 'keeper');
  });

  it('is erased: the result creates it', async () => {
    await other.service.eraseAgent('guardian', { agent_type: 'guardian', reason: 'asked' });
    expect(await record()).toMatchObject({ created: true });
    await expectRecorded(1);
  });

  it('is merged: a repeated result is refused', async () => {
    await record({ idempotencyKey: 'a' });
    await other.service.mergeAgents('guardian', 'sandbox');
    await expect(record({ idempotencyKey: 'a' })).rejects.toMatchObject({ code: 'agent_renamed' });
  });

  it('by hand, without triggers, and rebuilt: its numbers are those of the ledger', async () => {
    await sql('ALTER TABLE agent_metrics DISABLE TRIGGER mark_edited_agent');
    await sql(`UPDATE agent_metrics SET custody_xp = 5000 WHERE agent_type = 'guardian'`);
    await sql('ALTER TABLE agent_metrics ENABLE TRIGGER mark_edited_agent');
    await expect(record({ precondition: { match: [77] } })).rejects.toMatchObject({ code: 'precondition_failed' });
    const request = { agentType: 'guardian', dryRun: false, onDifference: () => undefined };
    expect(await rebuild(test.dataSource, loadSettings({}), request)).toMatchObject({ rows: 1, unsound: [] });
    await record();
    await expectRecorded(2);
  });

  it('again and again: its results count', async () => {
    for (let times = 0; times < 5; times++) {
      await record({}, other.service);
      await record();
    }
    await expectRecorded(11);
  });
});

describe('two instances', () => {
  it('record results of the same agents exactly once, without a deadlock', async () => {
    const ids = (prefix: string, agentTypes: readonly string[]) =>
      agentTypes.map((agent_type) => ({ ...PASSED, agent_type, id: prefix }));
    const reversed = [...AGENTS].reverse();
    for (let round = 0; round < 20; round++) {
      // The agents are cached again.
      test.get(AgentCache).remove([], -1_000);
      other.get(AgentCache).remove([], -1_000);
      const outcomes = await Promise.all([
        test.service.recordResults(ids(`one-${round}`, AGENTS)),
        other.service.recordResults(ids(`two-${round}`, reversed)),
      ]);
      expect(outcomes.flat().filter(({ status }) => status !== 'recorded')).toEqual([]);
    }
    for (const agentType of AGENTS) await expectRecorded(40, agentType);
    const [{ deadlocks } = {}] = await sql(
      'SELECT deadlocks::integer FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(deadlocks).toBe(0);
  });
});

describe('a write of a cached agent outside a transaction', () => {
  it('is refused by PostgreSQL', async () => {
    const writer = test.get(RoundWriter);
    const writeAtOnce = writer.writeAtOnce.bind(writer);
    jest.spyOn(writer, 'writeAtOnce').mockImplementation((_, round) => writeAtOnce(test.dataSource.manager, round));
    await expect(record()).rejects.toMatchObject({ code: 'write_conflict' });
    jest.restoreAllMocks();
    await expectRecorded(1);
  });
});
