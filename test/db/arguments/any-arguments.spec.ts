import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../../../src/common/domain-error.js';
import type { RecordedChange } from '../../../src/agent-metrics/write/unit-of-work.js';
import { verify } from '../../../src/verification/verify.js';
import * as any from '../../factories/arguments.arbitrary.js';
import { startTestService, type TestService } from '../../support/test-service.js';

const RUNS = 200;

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
});
afterAll(() => test.close());

type Json = Record<string, unknown>;
type Write = (agentType: never, data: never, options: never) => Promise<RecordedChange>;

/** Each write with its data, the type of its event, and the fields that the event has as they were given. */
const WRITES: [method: string, data: fc.Arbitrary<unknown>, write: () => Write, event: string, fields: string[]][] = [
  [
    'updateCustodyTestResult',
    any.custodyTests,
    () => test.service.updateCustodyTestResult.bind(test.service),
    'custody_test',
    ['passed', 'score', 'duration', 'category', 'difficulty', 'details'],
  ],
  [
    'recordTest',
    any.custodyTests,
    () => test.custody.recordTest.bind(test.custody),
    'custody_test',
    ['passed', 'score', 'duration', 'category', 'difficulty', 'details'],
  ],
  [
    'updateAdversarialTestResult',
    any.adversarialTests,
    () => test.service.updateAdversarialTestResult.bind(test.service),
    'adversarial_test',
    ['score', 'is_winner', 'winner_reasoning'],
  ],
  [
    'updateLearningMetrics',
    any.learningData,
    () => test.service.updateLearningMetrics.bind(test.service),
    'learning',
    [
      'learning_score',
      'learning_cycles',
      'xp_awarded',
      'success_rate',
      'failure_rate',
      'learning_patterns',
      'improvement_suggestions',
    ],
  ],
  [
    'createOrUpdateAgentMetrics',
    any.updates,
    () => test.service.createOrUpdateAgentMetrics.bind(test.service),
    'updated',
    ['xp', 'custody_xp', 'learning_score', 'status', 'is_active', 'learning_patterns', 'config', 'capabilities'],
  ],
];

const lastEvent = async (agentType: string, version: number) => {
  const [event] = await test.database.query<{ type: string; payload: Json }>(
    'SELECT type, payload FROM agent_events WHERE agent_type = $1 AND version = $2',
    [agentType, version],
  );
  return event;
};
const countEvents = async () =>
  Number((await test.database.query('SELECT count(*)::integer AS events FROM agent_events'))[0]?.['events']);

/** Calls a method, which must return a promise: of a value, or of a DomainError that is not a fault of the service. */
async function attempt<T>(call: () => Promise<T>): Promise<T | DomainError> {
  const made: unknown = call();
  expect(made).toBeInstanceOf(Promise);
  try {
    return await (made as Promise<T>);
  } catch (error) {
    expect(error).toBeInstanceOf(DomainError);
    expect(error).not.toMatchObject({ code: 'internal_error' });
    return error as DomainError;
  }
}

describe.each(WRITES)('%s with any arguments', (_, data, write, type, fields) => {
  it('records them exactly, or nothing', async () => {
    let recorded = 0;
    await fc.assert(
      fc.asyncProperty(any.agentTypes, data, any.writeOptions, async (agentType, value, options) => {
        const before = await countEvents();
        const change = await attempt(() => write()(agentType as never, value as never, options as never));
        if (change instanceof DomainError) {
          expect(await countEvents()).toBe(before);
          return;
        }
        recorded++;
        expect(change.agent_type).toBe(agentType);
        const event = await lastEvent(change.agent_type, change.version);
        expect(event?.type).toBe(type);
        const given = JSON.parse(JSON.stringify(value)) as Json;
        for (const field of fields) {
          if ((given[field] ?? null) !== null) expect(event?.payload[field]).toEqual(given[field]);
        }
        if ((given['timestamp'] ?? null) !== null) {
          expect(event?.payload['timestamp']).toBe(new Date(given['timestamp'] as string).toISOString());
        }
      }),
      { numRuns: RUNS },
    );
    expect(recorded).toBeGreaterThan(RUNS / 10);
    expect(await verify(test.dataSource)).toMatchObject({ differences: 0, named: [] });
  });
});

describe('other methods with any arguments', () => {
  it('record them exactly, or nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        any.agentTypes,
        any.amounts,
        any.anything,
        any.writeOptions,
        async (agentType, amount, other, options) => {
          const { service, custody, administration } = test;
          const change = await attempt(() =>
            service.updateCustodyXp(agentType as string, amount as number, options as never),
          );
          if (!(change instanceof DomainError)) {
            expect(await lastEvent(change.agent_type, change.version)).toMatchObject({ payload: { amount } });
          }
          const before = await countEvents();
          expect([
            await attempt(() => service.importAgentMetrics(agentType as string, other as never, options as never)),
            await attempt(() =>
              service.bulkUpdateMetrics({ guardian: { xp: 1 }, sandbox: other as never, nul: null as never }),
            ),
            await attempt(() => service.bulkUpdateMetrics({ guardian: { xp: '1' as never }, sandbox: other as never })),
            await attempt(() => service.resetAgentMetrics([other] as never)),
            await attempt(() => custody.reset([other] as never, options as never)),
            await attempt(() => administration.administer(agentType as string, other as never, options as never)),
            await attempt(() => service.renameAgent([other] as never, other as string, options as never)),
            await attempt(() => service.mergeAgents(agentType as string, [other] as never, options as never)),
            await attempt(() => service.eraseAgent(agentType as string, [other] as never, options as never)),
            await attempt(() => service.voidEvent(agentType as string, other as number, [other] as never)),
            await attempt(() => service.recordResults({ other } as never)),
          ]).toEqual(Array(11).fill(expect.any(DomainError)));
          expect(await countEvents()).toBe(before);
        },
      ),
      { numRuns: RUNS },
    );
    expect(await verify(test.dataSource)).toMatchObject({ differences: 0, named: [] });
  });

  it('read a page, or fail with a DomainError', async () => {
    await fc.assert(
      fc.asyncProperty(any.agentTypes, any.pages, any.ranges, any.anything, async (agentType, page, range, other) => {
        const { service, custody, analytics, queries, leaderboard } = test;
        await attempt(() => service.getAgentMetrics(agentType as string));
        await attempt(() => service.findRecordedChange(agentType as string, other as never));
        await attempt(() => service.getRecordedTest(agentType as string, other as number));
        await attempt(() => service.getAllAgentMetrics(page as never));
        await attempt(() => queries.listTypes(page as never, other as never));
        await attempt(() => queries.exists(agentType as string));
        await attempt(() => leaderboard.page(page as never));
        await attempt(() => leaderboard.page({ around: other as string }));
        await attempt(() => analytics.getTrends(range as never, agentType as string));
        await attempt(() => analytics.getTestPerformance(agentType as string));
        await attempt(() => custody.getStandings(page as never));
        await attempt(() => custody.getStanding(agentType as string));
        await attempt(() => custody.checkEligibility(other as never, agentType as string));
      }),
      { numRuns: RUNS },
    );
  });
});
