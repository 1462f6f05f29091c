import { describe, expect, it } from '@jest/globals';
import { createAgentState } from '../../factories/agent-state.factory.js';
import { NO_JSON, NO_OBJECTS } from '../../factories/hostile-values.factory.js';
import {
  CUSTODY_TEST,
  errorOf,
  expectInvalid,
  expectNoEffects,
  useInProcessApi,
} from '../../support/in-process-api.js';

const api = useInProcessApi();
expectNoEffects(api);

describe('updateCustodyTestResult', () => {
  const record = api.method('service', 'updateCustodyTestResult');

  it.each<[field: string, value: unknown]>([
    ...[undefined, null, 'yes', 1, [], {}].map((value): [string, unknown] => ['passed', value]),
    ...[undefined, null, '80', -1, 101, true, [80]].map((value): [string, unknown] => ['score', value]),
    ...[undefined, null, '1', -1, 1e10].map((value): [string, unknown] => ['duration', value]),
    ...['', 'yesterday', 0, true, {}, new Date(-1), new Date(8.64e15), new Date('+010000-01-01')].map(
      (value): [string, unknown] => ['timestamp', value],
    ),
    ...['10', -1, 1.5, 2 ** 31].map((value): [string, unknown] => ['xp_awarded', value]),
    ...['', 'Magic', 1].map((value): [string, unknown] => ['category', value]),
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
  const update = api.method('service', 'createOrUpdateAgentMetrics');

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
  const update = api.method('service', 'bulkUpdateMetrics');

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
    await expectInvalid(update(updates, { manager: api.ended }), 'manager');
    await expectInvalid(api.method('administration', 'administerToDefaultAgents')({ actor: 1 }), 'actor');
  });
});

describe('importAgentMetrics', () => {
  const importAgent = api.method('service', 'importAgentMetrics');

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
