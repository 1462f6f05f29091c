import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { DomainError } from '../../src/common/domain-error.js';
import type { Command } from '../../src/progression/commands.js';
import { hashRecord } from '../../src/ledger/hash-chain.js';
import { EVENT_COLUMNS, type StoredEvent } from '../../src/verification/stored.js';
import { verify, verifyIn } from '../../src/verification/verify.js';
import { anyCommand } from '../factories/command.arbitrary.js';
import { sendCommand } from '../support/send-command.js';
import { startTestService, type TestService } from '../support/test-service.js';

type Json = Record<string, unknown>;

let test: TestService;
beforeAll(async () => {
  test = await startTestService({ MAX_XP_AWARDED: '200000' });
});
afterAll(() => test.close());

const TEST = { passed: true, score: 95, duration: 120, xp_awarded: 10 };
const START = Date.UTC(2025, 0, 1);

/** Decided values of a test do not depend on earlier results if the command gives them. */
function pinned(command: Command, index: number): Command {
  const timestamp = new Date(START + index * 60_000);
  if (command.type === 'custody_test')
    return { ...command, data: { ...command.data, timestamp, difficulty: 'expert' } };
  return command.type === 'adversarial_test' ? { ...command, data: { ...command.data, timestamp } } : command;
}

const additive = anyCommand.filter(({ type }) => ['custody_test', 'adversarial_test', 'learning'].includes(type));

describe('voiding', () => {
  it('leaves rows, rollups and gates as if the event had not been recorded', async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(additive, { minLength: 2, maxLength: 12 }), fc.nat(), async (commands, place) => {
        const [with_, without] = [`with-${number}`, `without-${number++}`];
        const index = place % commands.length;
        const sequence = commands.map(pinned);
        for (const command of sequence) await sendCommand(test.service, with_, command);
        for (const [at, command] of sequence.entries()) {
          if (at !== index) await sendCommand(test.service, without, command);
        }
        await test.service.createOrUpdateAgentMetrics(without, {});
        // Version 1 is the creation.
        await test.service.voidEvent(with_, index + 2, { reason: 'a mistake' });
        const ignored = {
          agent_type: '',
          agent_id: '',
          id: '',
          version: 0,
          ledger_hash: '',
          created_at: 0,
          updated_at: 0,
          last_learning_cycle: 0,
        };
        const [one, other] = await Promise.all([
          test.service.getAgentMetrics(with_),
          test.service.getAgentMetrics(without),
        ]);
        // The time of learning is the time of arrival.
        const comparable = (agent: object) => withoutDifficulties({ ...agent, ...ignored });
        expect(comparable(one)).toEqual(comparable(other));
        const [performance, expected] = await Promise.all([
          test.analytics.getTestPerformance(with_),
          test.analytics.getTestPerformance(without),
        ]);
        expect({ ...performance, by_difficulty: 0 }).toEqual({ ...expected, by_difficulty: 0 });
      }),
      { numRuns: 30 },
    );
    expect(await verify(test.dataSource)).toMatchObject({ differences: 0, named: [] });
  });

  it('can be repeated for many events, in any order', async () => {
    for (let index = 0; index < 30; index++) {
      await test.service.updateCustodyTestResult('many', { ...TEST, passed: index % 3 > 0 });
    }
    for (const version of [5, 31, 2, 17, 16, 3, 30]) await test.service.voidEvent('many', version, { reason: 'r' });
    const agent = await test.service.getAgentMetrics('many');
    expect(agent).toMatchObject({ version: 38, total_tests_given: 23 });
    expect(await verify(test.dataSource)).toMatchObject({ differences: 0, named: [] });
  });

  it('happens once, when two callers void the same event', async () => {
    await test.service.updateCustodyTestResult('twice', TEST);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => test.service.voidEvent('twice', 2, { reason: 'r' })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [(outcome.reason as DomainError).code] : [],
    );
    expect(reasons).toEqual(Array.from({ length: 4 }, () => 'rule_violated'));
  });

  it('loses no result that is recorded meanwhile', async () => {
    await test.service.updateCustodyTestResult('busy', TEST);
    const writes = Array.from({ length: 40 }, () => test.service.updateCustodyTestResult('busy', TEST));
    await test.service.voidEvent('busy', 2, { reason: 'r' });
    await Promise.all(writes);
    expect(await test.service.getAgentMetrics('busy')).toMatchObject({ version: 43, total_tests_given: 40 });
    expect(await verify(test.dataSource)).toMatchObject({ differences: 0 });
  });

  it('is replayed with its key, and joins a transaction of the caller', async () => {
    await test.service.updateCustodyTestResult('keyed', TEST);
    const options = { idempotencyKey: 'void-1' };
    const first = await test.service.voidEvent('keyed', 2, { reason: 'r' }, options);
    const again = await test.service.voidEvent('keyed', 2, { reason: 'r' }, options);
    expect([first.replayed, again.replayed, again.version]).toEqual([false, true, first.version]);
    await test.service.updateCustodyTestResult('keyed', TEST);
    await expect(
      test.dataSource.transaction(async (manager) => {
        await test.service.voidEvent('keyed', 4, { reason: 'r' }, { manager });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await test.service.getAgentMetrics('keyed')).toMatchObject({ version: 4, total_tests_given: 1 });
  });

  it.each<[string, (payload: Json) => Json, string]>([
    [
      'other columns',
      ({ columns, ...rest }) => ({ ...rest, columns: { ...(columns as Json), custody_xp: 77 } }),
      'as it would be',
    ],
    ['an event that cannot be voided', (payload) => ({ ...payload, version: 1 }), 'cannot be voided'],
    ['an event that does not exist', (payload) => ({ ...payload, version: 99 }), 'is not an earlier event'],
    ['itself', (payload) => ({ ...payload, version: 3 }), 'is not an earlier event'],
    ['no columns', (payload) => ({ ...payload, columns: undefined }), 'cannot be folded'],
  ])('is verified, also if it is hashed again: %s', async (title, forge, problem) => {
    const agentType = title.replaceAll(' ', '-');
    await test.service.updateCustodyTestResult(agentType, TEST);
    await test.service.voidEvent(agentType, 2, { reason: 'r' });
    const [event] = await test.dataSource.query<StoredEvent[]>(
      `SELECT ${EVENT_COLUMNS} FROM ledger_events WHERE agent_type = $1 AND version = 3`,
      [agentType],
    );
    if (!event) throw new Error('no event');
    const payload = forge(event.payload as Json);
    const hash = hashRecord({ ...event, payload }, event, event.prev_hash);
    const named = await test.dataSource.transaction(async (manager) => {
      await manager.query('UPDATE agent_events SET payload = $2, hash = $3 WHERE agent_type = $1 AND version = 3', [
        agentType,
        JSON.stringify(payload),
        hash,
      ]);
      const found = await verifyIn(manager);
      await manager.query('DELETE FROM agent_events WHERE agent_type = $1', [agentType]);
      await manager.query('DELETE FROM agent_metrics WHERE agent_type = $1', [agentType]);
      await manager.query('SELECT rebuild_rollups()');
      return found.named;
    });
    expect(
      named
        .filter((each) => each.in === 'event')
        .map((each) => each.problem)
        .join('\n'),
    ).toContain(problem);
  });
});

/** The difficulty of an adversarial test is that of the agent at the time of the result. */
function withoutDifficulties(agent: object): unknown {
  return JSON.parse(JSON.stringify(agent, (name, value: unknown) => (name === 'difficulty' ? undefined : value)));
}
