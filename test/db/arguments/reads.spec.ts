import { describe, it } from '@jest/globals';
import { NO_AGENT_TYPES, NO_OBJECTS, NO_PAGES } from '../../factories/hostile-values.factory.js';
import { type Call, expectInvalid, expectNoEffects, useInProcessApi } from '../../support/in-process-api.js';

const api = useInProcessApi();
expectNoEffects(api);

const READS_OF_AGENT: [method: string, call: Call][] = [
  ...(['getAgentMetrics', 'getCustodyMetrics'] as const).map(
    (method) => [method, api.method('service', method)] as [string, Call],
  ),
  [
    'findRecordedChange',
    (agentType) => api.method('service', 'findRecordedChange')(agentType, { idempotencyKey: 'k' }),
  ],
  ['getRecordedTest', (agentType) => api.method('service', 'getRecordedTest')(agentType, 1)],
  ['getTestPerformance', api.method('analytics', 'getTestPerformance')],
  ['getTrends', (agentType) => api.method('analytics', 'getTrends')({}, agentType ?? null)],
  ['compare', (agentType) => api.method('analytics', 'compare')(agentType, { by: 'model' })],
  ['list of events', api.method('events', 'list')],
  ['event', (agentType) => api.method('events', 'get')(agentType, 1)],
  ['find', api.method('queries', 'find')],
  ['exists', api.method('queries', 'exists')],
  ['checkEligibility', (agentType) => api.method('custody', 'checkEligibility')('propose', agentType)],
  ['requireEligibility', (agentType) => api.method('custody', 'requireEligibility')('level-up', agentType)],
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
  ).map((method) => [method, api.method('custody', method)] as [string, Call]),
];

const READS_OF_PAGES: [method: string, call: Call, name: string][] = [
  ['getAllAgentMetrics', api.method('service', 'getAllAgentMetrics'), 'page'],
  ['list', api.method('queries', 'list'), 'page'],
  ['listTypes', api.method('queries', 'listTypes'), 'page'],
  ['getAllRecommendations', api.method('custody', 'getAllRecommendations'), 'page'],
  ['getStandings', api.method('custody', 'getStandings'), 'page'],
  ['getAnalytics', api.method('custody', 'getAnalytics'), 'page'],
  ['page', api.method('leaderboard', 'page'), 'request'],
  ['getLeaderboard', api.method('custody', 'getLeaderboard'), 'request'],
];

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
    ['columns', () => api.method('queries', 'listTypes')({}, ['config::text)) FROM pg_authid --']), 'read'],
    ['columns', () => api.method('queries', 'listTypes')({}, 'config'), 'read'],
    ['a gate', () => api.method('custody', 'checkEligibility')('toString', 'guardian'), 'gate'],
    ['a gate', () => api.method('custody', 'requireEligibility')(undefined, 'guardian'), 'gate'],
    ['a version', () => api.method('service', 'getRecordedTest')('guardian', '1'), 'version'],
    ['a version', () => api.method('service', 'getRecordedTest')('guardian', 1e30), 'version'],
    ['a version of another kind', () => api.method('service', 'getRecordedTest')('guardian', 1), 'version'],
    ['an agent', () => api.method('leaderboard', 'page')({ around: 7 }), 'around'],
    ['an agent', () => api.method('leaderboard', 'page')({ around: 'x\u0000' }), 'around'],
    ['an agent and a cursor', () => api.method('leaderboard', 'page')({ around: 'guardian', cursor: 'x' }), 'around'],
    ...NO_OBJECTS.flatMap(([description, value]): [string, () => unknown, string][] => [
      [`${description} as a filter`, () => api.method('analytics', 'getSummary')(value), 'filter'],
      [`${description} as a filter`, () => api.method('analytics', 'getTestPerformance')('guardian', value), 'filter'],
      [`${description} as a comparison`, () => api.method('analytics', 'compare')('guardian', value), 'request'],
      [`${description} as a list of events`, () => api.method('events', 'list')('guardian', value), 'request'],
    ]),
    ...NO_OBJECTS.map(([description, value]): [string, () => unknown, string] => [
      `${description} as a range`,
      () => api.method('analytics', 'getTrends')(value),
      'request',
    ]),
    ...[new Date(NaN), new Date(-1), new Date(8.64e15), 'yesterday', 0, null].flatMap((time) =>
      ['from', 'to'].map((field): [string, () => unknown, string] => [
        `the time ${String(time)}`,
        () => api.method('analytics', 'getTrends')({ [field]: time }),
        field,
      ]),
    ),
    ['a bucket', () => api.method('analytics', 'getTrends')({ bucket: 'toString' }), 'bucket'],
    ['a range that is too long', () => api.method('analytics', 'getTrends')({ from: new Date(0) }), 'from'],
    ['an unknown field', () => api.method('analytics', 'getTrends')({ since: new Date() }), 'since'],
  ])('refuse %s', async (_, read, field) => {
    await expectInvalid(read(), field);
  });
});
