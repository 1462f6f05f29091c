import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { DomainError } from '../../src/common/domain-error.js';
import { verify } from '../../src/verification/verify.js';
import { createAgentState } from '../factories/agent-state.factory.js';
import {
  createRevokedProxy,
  createSharedLists,
  createThrowingProxy,
  NO_AGENT_TYPES,
  NO_JSON,
  NO_OBJECTS,
  NO_PAGES,
} from '../factories/hostile-values.factory.js';
import { startEvaluator, type TestEvaluator } from '../support/evaluator.js';
import { startTestService, type TestService } from '../support/test-service.js';

let evaluator: TestEvaluator;
let test: TestService;
let ended: EntityManager;
beforeAll(async () => {
  evaluator = await startEvaluator();
  test = await startTestService({ CUSTODY_EVALUATOR_URL: evaluator.url });
  await test.dataSource.transaction((manager) => {
    ended = manager;
    return Promise.resolve();
  });
});
afterAll(async () => {
  await test.close();
  await evaluator.close();
});

const countEvents = async (): Promise<unknown> =>
  (await test.database.query('SELECT count(*)::integer AS events FROM agent_events'))[0];

let events: unknown;
beforeEach(async () => {
  events = await countEvents();
});
// Nothing is recorded, and no evaluator is asked, by any call of this file that is refused.
let recorded = false;
afterEach(async () => {
  if (!recorded) expect([await countEvents(), evaluator.requests]).toEqual([events, []]);
  recorded = false;
});

/** Arguments of any type, as from JavaScript. */
type Call = (...values: unknown[]) => unknown;
const call =
  <Name extends 'service' | 'analytics' | 'custody' | 'administration' | 'queries' | 'leaderboard' | 'events'>(
    part: Name,
    method: keyof TestService[Name] & string,
  ): Call =>
  (...values) =>
    (test[part][method] as Call).call(test[part], ...values);

/** Waits for the error of a call, which must be a rejected promise. */
async function errorOf(made: unknown): Promise<DomainError> {
  expect(made).toBeInstanceOf(Promise);
  const error: unknown = await (made as Promise<unknown>).then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DomainError);
  return error as DomainError;
}

async function expectInvalid(made: unknown, field: string): Promise<void> {
  const { code, options } = await errorOf(made);
  expect([code, ...(options.errors ?? []).map((error) => error.field)]).toEqual(['validation_failed', field]);
}

const CUSTODY_TEST = { passed: true, score: 80, duration: 1.5 };
const ADVERSARIAL_TEST = { score: 80, is_winner: true };

/** Writes to one agent: their data, and the name of the data in errors. The options are the last argument. */
const WRITES: [method: string, call: Call, data: unknown[], name: string][] = [
  ['updateCustodyTestResult', call('service', 'updateCustodyTestResult'), [CUSTODY_TEST], 'result'],
  ['recordTest', call('custody', 'recordTest'), [CUSTODY_TEST], 'result'],
  ['updateAdversarialTestResult', call('service', 'updateAdversarialTestResult'), [ADVERSARIAL_TEST], 'result'],
  ['updateLearningMetrics', call('service', 'updateLearningMetrics'), [{ learning_cycles: 1 }], 'data'],
  ['createOrUpdateAgentMetrics', call('service', 'createOrUpdateAgentMetrics'), [{ xp: 5 }], 'updates'],
  ['updateSpecificMetrics', call('service', 'updateSpecificMetrics'), [{ xp: 5 }], 'updates'],
  ['importAgentMetrics', call('service', 'importAgentMetrics'), [{ agent: createAgentState(), original: [] }], 'data'],
  ['administer', call('administration', 'administer'), [{ forced: false }], 'test'],
  ['updateCustodyXp', call('service', 'updateCustodyXp'), [5], 'amount'],
  ['resetAgentMetrics', call('service', 'resetAgentMetrics'), [], ''],
  ['resetCustodyMetrics', call('service', 'resetCustodyMetrics'), [], ''],
  ['reset', call('custody', 'reset'), [], ''],
];
const WITH_OBJECT = WRITES.filter(([, , [data]]) => typeof data === 'object');

const READS_OF_AGENT: [method: string, call: Call][] = [
  ...(['getAgentMetrics', 'getCustodyMetrics'] as const).map(
    (method) => [method, call('service', method)] as [string, Call],
  ),
  ['findRecordedChange', (agentType) => call('service', 'findRecordedChange')(agentType, { idempotencyKey: 'k' })],
  ['getRecordedTest', (agentType) => call('service', 'getRecordedTest')(agentType, 1)],
  ['getTestPerformance', call('analytics', 'getTestPerformance')],
  ['getTrends', (agentType) => call('analytics', 'getTrends')({}, agentType ?? null)],
  ['compare', (agentType) => call('analytics', 'compare')(agentType, { by: 'model' })],
  ['list of events', call('events', 'list')],
  ['event', (agentType) => call('events', 'get')(agentType, 1)],
  ['find', call('queries', 'find')],
  ['exists', call('queries', 'exists')],
  ['checkEligibility', (agentType) => call('custody', 'checkEligibility')('propose', agentType)],
  ['requireEligibility', (agentType) => call('custody', 'requireEligibility')('level-up', agentType)],
  ...(
    [
      'checkProposalEligibility',
      'checkLevelUpEligibility',
      'checkEligibilities',
      'getDifficulty',
      'getSchedule',
      'getRecommendations',
      'getStanding',
      'getAgentCustody',
      'getTestedAgentCustody',
    ] as const
  ).map((method) => [method, call('custody', method)] as [string, Call]),
];

const READS_OF_PAGES: [method: string, call: Call, name: string][] = [
  ['getAllAgentMetrics', call('service', 'getAllAgentMetrics'), 'page'],
  ['list', call('queries', 'list'), 'page'],
  ['listTypes', call('queries', 'listTypes'), 'page'],
  ['getAllRecommendations', call('custody', 'getAllRecommendations'), 'page'],
  ['getStandings', call('custody', 'getStandings'), 'page'],
  ['getAnalytics', call('custody', 'getAnalytics'), 'page'],
  ['page', call('leaderboard', 'page'), 'request'],
  ['getLeaderboard', call('custody', 'getLeaderboard'), 'request'],
];

describe.each(WRITES)('%s', (_, write, data, name) => {
  it.each(NO_AGENT_TYPES)('refuses %s as the agent type', async (_, agentType) => {
    await expectInvalid(write(agentType, ...data), 'agent_type');
  });

  it.each<[string, () => unknown, string]>([
    ...NO_OBJECTS.map(([description, value]): [string, () => unknown, string] => [description, () => value, 'options']),
    ['an unknown option', () => ({ idempotency_key: 'k' }), 'idempotency_key'],
    ...[1, null, '', 'x'.repeat(256), 'é', {}, ['k']].map((key): [string, () => unknown, string] => [
      `the idempotency key ${JSON.stringify(key)}`,
      () => ({ idempotencyKey: key }),
      'Idempotency-Key',
    ]),
    ...[1, null, '', 'é', {}, ['a']].map((actor): [string, () => unknown, string] => [
      `the actor ${JSON.stringify(actor)}`,
      () => ({ actor }),
      'actor',
    ]),
    ...[
      null,
      'x',
      [],
      1,
      { match: 'x' },
      { match: ['1'] },
      { noneMatch: [1.5] },
      { noneMatch: null },
      { version: 1 },
    ].map((precondition): [string, () => unknown, string] => [
      `the precondition ${JSON.stringify(precondition)}`,
      () => ({ precondition }),
      'precondition',
    ]),
    ['a manager that is an object', () => ({ manager: { query: () => [] } }), 'manager'],
    ['null as manager', () => ({ manager: null }), 'manager'],
    ['a manager without a transaction', () => ({ manager: test.dataSource.manager }), 'manager'],
    ['a manager whose transaction has ended', () => ({ manager: ended }), 'manager'],
    ['a request that is not JSON', () => ({ idempotencyKey: 'k', request: [() => 1] }), 'request.0'],
    ['a circular request', () => ({ idempotencyKey: 'k', request: { list: createSharedLists() } }), ''],
  ])('refuses %s in the options', async (_, createOptions, field) => {
    const made = write('guardian', ...data, createOptions());
    if (field === '') expect((await errorOf(made)).code).toBe('payload_too_large');
    else await expectInvalid(made, field);
  });

  it('refuses options that cannot be read with internal_error', async () => {
    for (const options of [createThrowingProxy(), createRevokedProxy()]) {
      const { code, cause } = await errorOf(write('guardian', ...data, options));
      expect([code, cause]).toEqual(['internal_error', expect.any(TypeError)]);
    }
  });

  if (name === '') return;

  it.each([...NO_OBJECTS, ['undefined', undefined] as const].filter(([, value]) => name !== 'amount' || value !== 7))(
    'refuses %s as the data',
    async (_, value) => {
      await expectInvalid(write('guardian', value), name);
    },
  );
});

describe.each(WITH_OBJECT)('%s', (_, write, [data], name) => {
  it('refuses unknown fields', async () => {
    await expectInvalid(write('guardian', { ...(data as object), score_: 1 }), 'score_');
    await expectInvalid(write('guardian', Object.assign(JSON.parse('{"__proto__": {}}') as object, data)), '__proto__');
  });

  it('refuses data that cannot be read with internal_error', async () => {
    const throwing = {
      ...(data as object),
      get passed() {
        throw new RangeError('no value');
      },
    };
    for (const value of [createThrowingProxy(), createRevokedProxy(), throwing]) {
      const { code, cause } = await errorOf(write('guardian', value));
      expect([code, cause]).toEqual(['internal_error', expect.any(Error)]);
    }
    expect(name).not.toBe('');
  });

  it('refuses data that would take all memory', async () => {
    const value = { ...(data as object), config: createSharedLists(), learning_patterns: createSharedLists() };
    expect((await errorOf(write('guardian', value))).code).toBe('payload_too_large');
  });
});

describe('updateCustodyTestResult', () => {
  const record = call('service', 'updateCustodyTestResult');

  it.each<[field: string, value: unknown]>([
    ...[undefined, null, 'yes', 1, [], {}].map((value): [string, unknown] => ['passed', value]),
    ...[undefined, null, '80', -1, 101, true, [80]].map((value): [string, unknown] => ['score', value]),
    ...[undefined, null, '1', -1, 1e10].map((value): [string, unknown] => ['duration', value]),
    ...['', 'yesterday', 0, true, {}, new Date(-1), new Date(8.64e15), new Date('+010000-01-01')].map(
      (value): [string, unknown] => ['timestamp', value],
    ),
    ...['10', -1, 1.5, 2 ** 31].map((value): [string, unknown] => ['xp_awarded', value]),
    ...['', 'magic', 1].map((value): [string, unknown] => ['category', value]),
    ...['', 'hard', 1].map((value): [string, unknown] => ['difficulty', value]),
    ...['text', 1, []].map((value): [string, unknown] => ['details', value]),
    ...['passed', 'score', 'timestamp', 'category'].flatMap((field) =>
      [() => 1, Symbol('s'), 7n, new Map()].map((value): [string, unknown] => [field, value]),
    ),
    ['score', NaN],
    ['score', Infinity],
    ['timestamp', new Date(NaN)],
  ])('refuses the %s %p', async (field, value) => {
    await expectInvalid(record('guardian', { ...CUSTODY_TEST, [field]: value }), field);
  });

  it.each(NO_JSON)('refuses %s in the details', async (_, value) => {
    const { code, options } = await errorOf(record('guardian', { ...CUSTODY_TEST, details: { value } }));
    expect([code, options.errors?.[0]?.field]).toEqual(['validation_failed', expect.stringMatching(/^details\.value/)]);
  });

  it('refuses details that are too large, under the name of the largest', async () => {
    const details = { a: 1, text: 'x'.repeat(20_000) };
    await expectInvalid(record('guardian', { ...CUSTODY_TEST, details }), 'details.text');
  });

  it('gives the details of HTTP for every invalid field', async () => {
    const { options } = await errorOf(record('guardian', { passed: 'yes', score: 101, timestamp: new Date(-1) }));
    expect(options.errors).toEqual([
      { field: 'passed', detail: 'must be a boolean value' },
      { field: 'score', detail: 'must not be greater than 100' },
      { field: 'duration', detail: 'is missing' },
      { field: 'timestamp', detail: expect.stringContaining('must be an ISO 8601 time') },
    ]);
  });
});

describe('updates', () => {
  const update = call('service', 'createOrUpdateAgentMetrics');

  it.each<[field: string, value: unknown]>([
    ['xp', '5'],
    ['xp', NaN],
    ['xp', 1.5],
    ['xp', null],
    ['status', ''],
    ['is_active', 'true'],
    ['test_history', [1]],
    ['learning_patterns', {}],
    ['config', 'text'],
    ['version', 'x'],
  ])('refuse the %s %p', async (field, value) => {
    await expectInvalid(update('guardian', { [field]: value }), field);
  });

  it.each(NO_JSON)('refuse %s in a document and in a list', async (_, value) => {
    for (const field of ['config', 'learning_patterns']) {
      const { code, options } = await errorOf(update('guardian', { [field]: [value] }));
      expect([code, options.errors?.[0]?.field]).toEqual(['validation_failed', expect.stringContaining(`${field}.0`)]);
    }
  });
});

describe('bulkUpdateMetrics', () => {
  const update = call('service', 'bulkUpdateMetrics');

  it.each<[description: string, updates: unknown, field: string]>([
    ...NO_OBJECTS.map(([description, value]): [string, unknown, string] => [description, value, 'updates']),
    ['no agent', {}, 'updates'],
    ['too many agents', Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`a${index}`, {}])), 'updates'],
    ['null for an agent', { guardian: null }, 'updates.guardian'],
    ['a list for an agent', { guardian: [] }, 'updates.guardian'],
    ['a function for an agent', { guardian: () => 1 }, 'updates.guardian'],
    ['an invalid column', { sandbox: { xp: 1 }, guardian: { xp: '5' } }, 'updates.guardian.xp'],
    ['an unknown column', { guardian: { exp: 5 } }, 'updates.guardian.exp'],
    ['a key __proto__', JSON.parse('{"__proto__": {"xp": 1}}'), 'updates'],
    ['U+0000 in an agent type', { 'a\u0000': { xp: 1 } }, 'updates'],
    ['an agent type that is too long', { ['x'.repeat(51)]: { xp: 1 } }, `updates.${'x'.repeat(51)}`],
  ])('refuses %s', async (_, updates, field) => {
    await expectInvalid(update(updates), field);
  });

  it('refuses invalid options, and a precondition, which has no agent', async () => {
    const updates = { guardian: { xp: 1 } };
    await expectInvalid(update(updates, { precondition: { match: [1] } }), 'precondition');
    await expectInvalid(update(updates, null), 'options');
    await expectInvalid(update(updates, { manager: ended }), 'manager');
    await expectInvalid(call('administration', 'administerToDefaultAgents')({ actor: 1 }), 'actor');
  });
});

describe('importAgentMetrics', () => {
  const importAgent = call('service', 'importAgentMetrics');

  it.each<[field: string, data: unknown]>([
    ['agent', { agent: null, original: [] }],
    ['original', { agent: createAgentState(), original: [1] }],
    ['agent.xp', { agent: { ...createAgentState(), xp: '5' }, original: [] }],
    ['agent.xp', { agent: { ...createAgentState(), xp: undefined }, original: [] }],
    ['agent.id', { agent: { ...createAgentState(), id: 'x' }, original: [] }],
    ['agent.created_at', { agent: { ...createAgentState(), created_at: null }, original: [] }],
    ['agent.last_success', { agent: { ...createAgentState(), last_success: new Date(-1) }, original: [] }],
  ])('refuses an invalid %s', async (field, data) => {
    await expectInvalid(importAgent('newcomer', data), field);
  });
});

describe.each(READS_OF_AGENT)('%s', (_, read) => {
  it.each(NO_AGENT_TYPES)('refuses %s as the agent type', async (_, agentType) => {
    await expectInvalid(read(agentType), 'agent_type');
  });
});

describe.each(READS_OF_PAGES)('%s', (_, read, name) => {
  it.each(NO_PAGES)('refuses %s', async (_, page, field) => {
    await expectInvalid(read(page), field === '' ? name : field);
  });
});

describe('other reads', () => {
  it.each<[description: string, call: () => unknown, field: string]>([
    ['columns', () => call('queries', 'listTypes')({}, ['config::text)) FROM pg_authid --']), 'read'],
    ['columns', () => call('queries', 'listTypes')({}, 'config'), 'read'],
    ['a gate', () => call('custody', 'checkEligibility')('toString', 'guardian'), 'gate'],
    ['a gate', () => call('custody', 'requireEligibility')(undefined, 'guardian'), 'gate'],
    ['a version', () => call('service', 'getRecordedTest')('guardian', '1'), 'version'],
    ['a version', () => call('service', 'getRecordedTest')('guardian', 1e30), 'version'],
    ['a version of another kind', () => call('service', 'getRecordedTest')('guardian', 1), 'version'],
    ['an agent', () => call('leaderboard', 'page')({ around: 7 }), 'around'],
    ['an agent', () => call('leaderboard', 'page')({ around: 'x\u0000' }), 'around'],
    ['an agent and a cursor', () => call('leaderboard', 'page')({ around: 'guardian', cursor: 'x' }), 'around'],
    ...NO_OBJECTS.flatMap(([description, value]): [string, () => unknown, string][] => [
      [`${description} as a filter`, () => call('analytics', 'getSummary')(value), 'filter'],
      [`${description} as a filter`, () => call('analytics', 'getTestPerformance')('guardian', value), 'filter'],
      [`${description} as a comparison`, () => call('analytics', 'compare')('guardian', value), 'request'],
      [`${description} as a list of events`, () => call('events', 'list')('guardian', value), 'request'],
    ]),
    ...NO_OBJECTS.map(([description, value]): [string, () => unknown, string] => [
      `${description} as a range`,
      () => call('analytics', 'getTrends')(value),
      'request',
    ]),
    ...[new Date(NaN), new Date(-1), new Date(8.64e15), 'yesterday', 0, null].flatMap((time) =>
      ['from', 'to'].map((field): [string, () => unknown, string] => [
        `the time ${String(time)}`,
        () => call('analytics', 'getTrends')({ [field]: time }),
        field,
      ]),
    ),
    ['a bucket', () => call('analytics', 'getTrends')({ bucket: 'toString' }), 'bucket'],
    ['a range that is too long', () => call('analytics', 'getTrends')({ from: new Date(0) }), 'from'],
    ['an unknown field', () => call('analytics', 'getTrends')({ since: new Date() }), 'since'],
  ])('refuse %s', async (_, read, field) => {
    await expectInvalid(read(), field);
  });
});

describe('what is accepted', () => {
  beforeEach(() => {
    recorded = true;
  });

  it('is read once: a getter cannot change the value between check and use', async () => {
    let reads = 0;
    const result = {
      ...CUSTODY_TEST,
      get score() {
        return reads++ === 0 ? 61 : 'changed';
      },
    };
    let keys = 0;
    const options = {
      get idempotencyKey() {
        return keys++ === 0 ? 'once' : 7;
      },
    };
    await call('service', 'updateCustodyTestResult')('getters', result, options);
    const written = await test.database.query(
      "SELECT payload, idempotency_key FROM agent_events WHERE agent_type = 'getters' AND type = 'custody_test'",
    );
    expect(written).toMatchObject([{ payload: { score: 61 }, idempotency_key: 'once' }]);
    expect([reads, keys]).toEqual([1, 1]);
  });

  it('is copied: a later change of the argument has no effect', async () => {
    const config = { list: [1] };
    const write = test.service.createOrUpdateAgentMetrics('copied', { config });
    config.list.push(2);
    await write;
    expect((await test.service.getAgentMetrics('copied')).config).toEqual({ list: [1] });
  });

  it('includes times as Date and as text, and instances of classes', async () => {
    class Result {
      passed = true;
      duration = 1;

      get score(): number {
        return this.passed ? 70 : 0;
      }

      get timestamp(): string {
        return `2025-01-25T10:00:0${this.duration}+01:00`;
      }
    }
    await test.service.updateCustodyTestResult('classes', new Result());
    const timestamp = new Date('2025-01-25T11:00:00Z');
    await test.service.updateCustodyTestResult('classes', { ...CUSTODY_TEST, timestamp, details: { timestamp } });
    const { test_history } = await test.service.getAgentMetrics('classes');
    expect(test_history).toMatchObject([
      { score: 70, timestamp: '2025-01-25T09:00:01.000Z' },
      { score: 80, timestamp: timestamp.toISOString() },
    ]);
    const { details } = await test.service.getRecordedTest('classes', 3);
    expect(details).toEqual({ timestamp: timestamp.toISOString() });
  });

  it('includes a complete row that was read', async () => {
    const row = await test.service.getAgentMetrics('guardian');
    await test.service.createOrUpdateAgentMetrics('guardian', JSON.parse(JSON.stringify(row)) as object);
    expect(await test.service.getAgentMetrics('guardian')).toMatchObject({ version: row.version + 1 });
  });

  it('leaves the transaction of the caller usable after a refusal', async () => {
    await test.dataSource.transaction(async (manager) => {
      await errorOf(call('service', 'updateCustodyTestResult')('joined', { passed: 'yes' }, { manager }));
      await test.service.updateCustodyTestResult('joined', CUSTODY_TEST, { manager });
    });
    expect(await test.service.getAgentMetrics('joined')).toMatchObject({ total_tests_given: 1 });
  });

  it('is consistent: verification finds no difference', async () => {
    expect(await verify(test.dataSource)).toMatchObject({ differences: 0 });
  });
});
