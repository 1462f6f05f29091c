import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Command } from '../../src/progression/commands.js';
import { rebuild } from '../../src/verification/rebuild.js';
import { verify } from '../../src/verification/verify.js';
import { loadSettings } from '../../src/config/settings.js';
import { anyResult } from '../factories/command.arbitrary.js';
import { createDistributedDatabase } from '../support/distributed-database.js';
import { rollupsOf } from '../support/rollups.js';
import { sendCommand } from '../support/send-command.js';
import type { TestDatabase } from '../support/test-database.js';
import { startTestService, type TestService } from '../support/test-service.js';
import { exported, imported } from '../support/transfer.js';

const PASSED = { passed: true, score: 90, duration: 1, category: 'coding' };
const FAILED = { passed: false, score: 20, duration: 2, category: 'coding' };
const SETTINGS = loadSettings({});
const START = Date.UTC(2025, 0, 1);

const differences = async ({ dataSource }: TestService) => (await verify(dataSource)).named;
const rebuildAll = (test: TestService) =>
  rebuild(test.dataSource, SETTINGS, { dryRun: false, onDifference: () => undefined });

/** Columns that one agent with all results has, too. */
function comparable(agent: object): object {
  const ignored = ['id', 'agent_id', 'agent_type', 'version', 'ledger_hash', 'created_at', 'updated_at'];
  const columns = Object.entries(agent).filter(([name]) => !ignored.includes(name));
  // An adversarial test has the difficulty of its agent at that time.
  return Object.fromEntries(
    columns.map(([name, value]) => [name, name === 'test_history' ? withoutDifficulties(value) : value]),
  );
}

function withoutDifficulties(history: unknown): unknown {
  return (history as object[]).map((entry) => ({ ...entry, difficulty: null }));
}

describe.each(['single server', 'distributed'])('a merge on the storage form: %s', (form) => {
  let test: TestService;
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = form === 'distributed' ? await createDistributedDatabase() : undefined;
    test = await startTestService({ CONNECTION_POOL_SIZE: '8', MAX_XP_AWARDED: '200000' }, database);
  });
  afterAll(async () => {
    await test.close();
    await database?.drop();
  });

  it('adds counters, XP, results and rollups to the other agent', async () => {
    const { service } = test;
    await service.updateCustodyTestResult('old', { ...FAILED, timestamp: new Date(START) });
    await service.updateCustodyTestResult('new', { ...PASSED, timestamp: new Date(START + 1_000) });
    await service.updateAdversarialTestResult('old', {
      score: 80,
      is_winner: true,
      timestamp: new Date(START + 2_000),
    });
    await service.updateLearningMetrics('old', { learning_score: 3, learning_cycles: 2, learning_patterns: ['old'] });
    await service.createOrUpdateAgentMetrics('new', { status: 'busy', learning_patterns: ['new'] });
    const { events, tests } = await countAll(test);
    const change = await service.mergeAgents('old', 'new', { actor: 'operator' });
    expect(change).toMatchObject({ agent_type: 'new', version: 4, replayed: false, metrics: { total_tests_given: 3 } });
    expect(await service.getAgentMetrics('new')).toMatchObject({
      agent_id: 'new_agent',
      total_tests_passed: 2,
      total_tests_failed: 1,
      consecutive_successes: 2,
      xp: 10,
      custody_xp: 10,
      adversarial_wins: 1,
      learning_score: 3,
      total_learning_cycles: 2,
      status: 'busy',
      learning_patterns: ['old', 'new'],
    });
    expect((await service.getAgentMetrics('new')).test_history.map(({ score }) => score)).toEqual([20, 90, 80]);
    expect(await countAll(test)).toEqual({ events: events + 2, tests });
    expect(await test.analytics.getTestPerformance('new')).toMatchObject({ tests: 3, passed: 2 });
    expect(await differences(test)).toEqual([]);
  });

  it('refuses writes to the merged name, and merges that are impossible', async () => {
    const { service } = test;
    await expect(service.updateCustodyTestResult('old', PASSED)).rejects.toMatchObject({
      code: 'agent_renamed',
      options: { extensions: { agent_type: 'new' } },
    });
    await expect(service.voidEvent('old', 2, { reason: 'late' })).rejects.toMatchObject({ code: 'agent_renamed' });
    await expect(service.voidEvent('new', 4, { reason: 'a merge' })).rejects.toMatchObject({ code: 'rule_violated' });
    await expect(service.getAgentMetrics('old')).rejects.toMatchObject({ code: 'agent_not_found' });
    await expect(service.mergeAgents('old', 'new')).rejects.toMatchObject({ code: 'agent_renamed' });
    await expect(service.mergeAgents('new', 'old')).rejects.toMatchObject({ code: 'agent_renamed' });
    await expect(service.mergeAgents('new', 'nobody')).rejects.toMatchObject({ code: 'agent_not_found' });
    await expect(service.mergeAgents('nobody', 'new')).rejects.toMatchObject({ code: 'agent_not_found' });
    await expect(service.mergeAgents('new', 'new')).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(service.mergeAgents('new', '')).rejects.toMatchObject({ code: 'validation_failed' });
    await expect(service.renameAgent('new', 'old')).rejects.toMatchObject({ code: 'agent_exists' });
    await service.updateCustodyTestResult('third', PASSED);
    await expect(service.mergeAgents('third', 'new', { precondition: { match: [1] } })).rejects.toMatchObject({
      code: 'precondition_failed',
    });
    await service.createOrUpdateAgentMetrics('third', { total_learning_cycles: 2_147_483_647 });
    await expect(service.mergeAgents('third', 'new')).rejects.toMatchObject({ code: 'rule_violated' });
    expect(await differences(test)).toEqual([]);
  });

  it('keeps idempotency keys of both agents, also its own', async () => {
    const { service } = test;
    const once = { idempotencyKey: 'result' };
    const recorded = await service.updateCustodyTestResult('keyed', PASSED, once);
    await service.recordResults([{ id: 'item', agent_type: 'keyed', ...PASSED }]);
    await service.updateCustodyTestResult('both', FAILED, once);
    await service.updateCustodyTestResult('target', PASSED);
    const merge = { idempotencyKey: 'merge' };
    const merged = await service.mergeAgents('keyed', 'target', merge);
    expect(await service.mergeAgents('keyed', 'target', merge)).toEqual({
      ...merged,
      level_ups: { level: 0, custody_level: 0 },
      replayed: true,
    });
    await expect(service.mergeAgents('both', 'target', merge)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(await service.updateCustodyTestResult('target', PASSED, once)).toMatchObject({
      version: recorded.version,
      replayed: true,
    });
    await expect(service.updateCustodyTestResult('target', { ...PASSED, score: 1 }, once)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    });
    expect(await service.recordResults([{ id: 'item', agent_type: 'target', ...PASSED }])).toMatchObject([
      { status: 'replayed' },
    ]);
    expect((await service.getAgentMetrics('target')).total_tests_given).toBe(3);
    expect(await differences(test)).toEqual([]);
  });

  it('can follow a rename and another merge, and can be erased', async () => {
    const { service } = test;
    for (const name of ['a', 'b', 'c']) await service.updateCustodyTestResult(name, PASSED);
    await service.renameAgent('a', 'a2');
    await service.mergeAgents('a2', 'b');
    await service.renameAgent('b', 'b2');
    await service.updateCustodyTestResult('b2', FAILED);
    await service.mergeAgents('b2', 'c');
    expect((await service.getAgentMetrics('c')).total_tests_given).toBe(4);
    const aliases = "SELECT name, kind FROM agent_aliases WHERE agent_type = 'c' ORDER BY name";
    expect(await test.database.query(aliases)).toEqual([
      { name: 'a', kind: 'renamed' },
      { name: 'a2', kind: 'merged' },
      { name: 'b', kind: 'renamed' },
      { name: 'b2', kind: 'merged' },
    ]);
    expect(await differences(test)).toEqual([]);
    const tests = await test.analytics.getTestPerformance('c');
    expect(tests.tests).toBe(4);
    const filtered = await test.analytics.getTestPerformance('c', { category: 'coding' });
    expect(filtered).toMatchObject({ tests: 4, passed: 3 });
    const erased = await service.eraseAgent('c', { agent_type: 'c', reason: 'asked for' });
    expect(erased).toMatchObject({ merged_chains: 2 });
    expect(
      await test.database.query("SELECT agent_type FROM agent_events WHERE agent_type IN ('a2','b2','c')"),
    ).toEqual([]);
    expect(await differences(test)).toEqual([]);
  });

  it('takes an agent whose row was edited, inserted or deleted by hand', async () => {
    const { service, database: rows } = test;
    for (const name of ['edited', 'deleted', 'sum']) await service.updateCustodyTestResult(name, PASSED);
    await rows.query("UPDATE agent_metrics SET xp = 5000 WHERE agent_type = 'edited'");
    await rows.query("DELETE FROM agent_metrics WHERE agent_type = 'deleted'");
    await rows.query(
      "INSERT INTO agent_metrics (agent_id, agent_type, xp, total_tests_given, total_tests_passed) VALUES ('by hand', 'inserted', 70, 1, 1)",
    );
    if (form === 'single server') await service.mergeAgents('edited', 'sum');
    await service.mergeAgents('deleted', 'sum');
    await service.mergeAgents('inserted', 'sum');
    const agent = await service.getAgentMetrics('sum');
    expect([agent.xp, agent.total_tests_given]).toEqual([70, form === 'single server' ? 4 : 3]);
    if (form === 'distributed') await rows.query("UPDATE agent_metrics SET xp = 0 WHERE agent_type = 'edited'");
    expect(await differences(test)).toEqual([]);
  });

  it('is rolled back with the transaction of the caller', async () => {
    const { service } = test;
    await service.updateCustodyTestResult('kept', PASSED);
    await service.updateCustodyTestResult('other', PASSED);
    await expect(
      test.dataSource.transaction(async (manager) => {
        await service.mergeAgents('kept', 'other', { manager });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect((await service.getAgentMetrics('kept')).version).toBe(2);
    expect(await differences(test)).toEqual([]);
  });

  it('loses and repeats nothing while others write to both agents', async () => {
    const { service } = test;
    await service.updateCustodyTestResult('busy-source', PASSED);
    await service.updateCustodyTestResult('busy-target', PASSED);
    const write = async (agentType: string, key: string): Promise<void> => {
      try {
        await service.updateCustodyTestResult(agentType, PASSED, { idempotencyKey: key });
      } catch (error) {
        const { code } = error as { code: string };
        if (code !== 'agent_renamed' && code !== 'write_conflict') throw error;
        await write(code === 'agent_renamed' ? 'busy-target' : agentType, key);
      }
    };
    const merge = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await service.mergeAgents('busy-source', 'busy-target');
    };
    const writes = Array.from({ length: 100 }, (_, key) => [
      write('busy-source', `s${key}`),
      write('busy-target', `t${key}`),
    ]);
    await Promise.all([merge(), ...writes.flat()]);
    for (let key = 0; key < 100; key++) await write('busy-target', `s${key}`);
    expect((await service.getAgentMetrics('busy-target')).total_tests_given).toBe(202);
    expect(await differences(test)).toEqual([]);
  });

  it('two merges in opposite directions leave one agent', async () => {
    const { service } = test;
    for (const name of ['left', 'right']) await service.updateCustodyTestResult(name, PASSED);
    const merges = [service.mergeAgents('left', 'right'), service.mergeAgents('right', 'left')];
    const settled = await Promise.allSettled(merges);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await differences(test)).toEqual([]);
  });

  it('gives rows, rollups and gates of one agent that had all results', async () => {
    let number = 0;
    const results = fc.array(fc.record({ test: anyResult, isSource: fc.boolean() }), { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(results, async (sequence) => {
        const { service, analytics } = test;
        const [source, target, one] = ['source', 'target', 'one'].map((name) => `${name}-${number}`);
        number += 1;
        if (source === undefined || target === undefined || one === undefined) throw new Error('no name');
        for (const name of [source, target, one]) await service.createOrUpdateAgentMetrics(name, {});
        for (const [index, { test: command, isSource }] of sequence.entries()) {
          const timestamp = new Date(START + index * 60_000);
          const difficulty = command.type === 'custody_test' ? { difficulty: 'basic' } : {};
          const given = 'data' in command ? command.data : {};
          const pinned = { type: command.type, data: { ...given, timestamp, ...difficulty } } as Command;
          await sendCommand(service, isSource ? source : target, pinned);
          await sendCommand(service, one, pinned);
        }
        await service.mergeAgents(source, target);
        const [merged, expected] = await Promise.all([service.getAgentMetrics(target), service.getAgentMetrics(one)]);
        expect(comparable(merged)).toEqual(comparable(expected));
        const performance = await analytics.getTestPerformance(target);
        expect({ ...performance, by_difficulty: 0 }).toEqual({
          ...(await analytics.getTestPerformance(one)),
          by_difficulty: 0,
        });
      }),
      { numRuns: 20 },
    );
    expect(await differences(test)).toEqual([]);
  });
  it('is exported and imported with both chains', async () => {
    const target = await startTestService();
    try {
      const file = await exported(test, { of: 'events', format: 'ndjson' });
      expect(await imported(target, file)).toMatchObject({ accepted: true, invalid: 0 });
      expect(await differences(target)).toEqual([]);
      expect(await rollupsOf(target.database)).toEqual(await rollupsOf(test.database));
      expect(await exported(target, { of: 'events', format: 'ndjson' })).toBe(file);
      await expect(target.service.updateCustodyTestResult('old', PASSED)).rejects.toMatchObject({
        code: 'agent_renamed',
      });
    } finally {
      await target.close();
    }
  });

  it('is exported with the merged chains if one agent is selected, and not imported without them', async () => {
    const target = await startTestService();
    try {
      const one = await exported(test, { of: 'events', format: 'csv', agentType: 'new' });
      expect(await imported(target, one)).toMatchObject({ accepted: true, agents: 2, invalid: 0 });
      expect(await differences(target)).toEqual([]);
      await target.service.eraseAgent('new', { agent_type: 'new', reason: 'repeat' });
      const lines = one.split('\r\n');
      const isOf = (name: string) => (line: string, index: number) => index === 0 || line.startsWith(`${name},`);
      for (const name of ['new', 'old']) {
        await expect(imported(target, lines.filter(isOf(name)).join('\r\n') + '\r\n')).rejects.toThrow(
          'Nothing was imported.',
        );
      }
      expect(await differences(target)).toEqual([]);
    } finally {
      await target.close();
    }
  });

  it('is rebuilt', async () => {
    await test.database.query("DELETE FROM agent_metrics WHERE agent_type = 'new'");
    await test.database.query("UPDATE test_rollups_by_hour SET tests = tests + 1 WHERE agent_type = 'new'");
    expect(await rebuildAll(test)).toMatchObject({ rows: 1, unsound: [] });
    expect(await differences(test)).toEqual([]);
    if (form === 'distributed') return;
    const rollups = await rollupsOf(test.database);
    await test.database.query('SELECT rebuild_rollups()');
    expect(await rollupsOf(test.database)).toEqual(rollups);
  });

  it('cannot be forged', async () => {
    const { database: rows } = test;
    await rows.query("INSERT INTO agent_metrics (agent_id, agent_type) VALUES ('again', 'old')");
    await expect(test.service.updateCustodyTestResult('old', PASSED)).rejects.toMatchObject({ code: 'agent_renamed' });
    expect(await differences(test)).toContainEqual(
      expect.objectContaining({ agent_type: 'old', problem: 'must not exist: the agent was merged into "new"' }),
    );
    await rows.query("DELETE FROM agent_metrics WHERE agent_type = 'old'");
    await rows.query("DELETE FROM agent_aliases WHERE name = 'old'");
    expect(await differences(test)).toContainEqual({
      agent_type: 'new',
      in: 'alias',
      problem: 'agent_aliases has no row for the merged agent "old"',
    });
    await rebuildAll(test);
    expect(await differences(test)).toEqual([]);
    await rows.query("DELETE FROM agent_events WHERE agent_type = 'old'");
    expect(await differences(test)).toContainEqual(
      expect.objectContaining({ agent_type: 'new', version: 4, problem: expect.stringContaining('is missing') }),
    );
  });
});

async function countAll({ database }: TestService): Promise<{ events: number; tests: number }> {
  const [counted] = await database.query<{ events: number; tests: number }>(
    `SELECT (SELECT count(*)::integer FROM agent_events) AS events,
            (SELECT sum(tests)::integer FROM test_rollups_by_kind WHERE agent_type = '*') AS tests`,
  );
  return counted ?? { events: 0, tests: 0 };
}
