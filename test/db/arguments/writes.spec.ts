import { describe, expect, it } from '@jest/globals';
import { createAgentState } from '../../factories/agent-state.factory.js';
import {
  createRevokedProxy,
  createSharedLists,
  createThrowingProxy,
  NO_AGENT_TYPES,
  NO_OBJECTS,
} from '../../factories/hostile-values.factory.js';
import {
  type Call,
  CUSTODY_TEST,
  errorOf,
  expectInvalid,
  expectNoEffects,
  useInProcessApi,
} from '../../support/in-process-api.js';

const api = useInProcessApi();
expectNoEffects(api);

const ADVERSARIAL_TEST = { score: 80, is_winner: true };

/** Writes to one agent: their data, and the name of the data in errors. The options are the last argument. */
const WRITES: [method: string, call: Call, data: unknown[], name: string][] = [
  ['updateCustodyTestResult', api.method('service', 'updateCustodyTestResult'), [CUSTODY_TEST], 'result'],
  ['recordTest', api.method('custody', 'recordTest'), [CUSTODY_TEST], 'result'],
  ['updateAdversarialTestResult', api.method('service', 'updateAdversarialTestResult'), [ADVERSARIAL_TEST], 'result'],
  ['updateLearningMetrics', api.method('service', 'updateLearningMetrics'), [{ learning_cycles: 1 }], 'data'],
  ['createOrUpdateAgentMetrics', api.method('service', 'createOrUpdateAgentMetrics'), [{ xp: 5 }], 'updates'],
  ['updateSpecificMetrics', api.method('service', 'updateSpecificMetrics'), [{ xp: 5 }], 'updates'],
  [
    'importAgentMetrics',
    api.method('service', 'importAgentMetrics'),
    [{ agent: createAgentState(), original: [] }],
    'data',
  ],
  ['administer', api.method('administration', 'administer'), [{ forced: false }], 'test'],
  ['updateCustodyXp', api.method('service', 'updateCustodyXp'), [5], 'amount'],
  ['resetAgentMetrics', api.method('service', 'resetAgentMetrics'), [], ''],
  ['resetCustodyMetrics', api.method('service', 'resetCustodyMetrics'), [], ''],
  ['reset', api.method('custody', 'reset'), [], ''],
];
const WITH_OBJECT = WRITES.filter(([, , [data]]) => typeof data === 'object');

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
    ['a manager without a transaction', () => ({ manager: api.test.dataSource.manager }), 'manager'],
    ['a manager whose transaction has ended', () => ({ manager: api.ended }), 'manager'],
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
