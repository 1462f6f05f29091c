import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AgentAccess } from '../../src/common/agent-access.js';
import type { LeaderboardRequest } from '../../src/agent-metrics/requests/leaderboard-query.dto.js';
import { startTestService, type TestService } from '../support/test-service.js';

const NOW = new Date('2026-03-01T10:20:30.400Z');
const HOUR = 3_600_000;
const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * HOUR);

let test: TestService;
beforeAll(async () => {
  test = await startTestService();
  test.setClock(NOW);
  const custody = (agent: string, timestamp: Date, xp_awarded: number, passed = true) =>
    test.service.updateCustodyTestResult(agent, { passed, score: 80, duration: 1, xp_awarded, timestamp });
  await custody('today', hoursAgo(1), 30);
  await custody('also-today', hoursAgo(2), 30);
  await custody('most-passed', hoursAgo(3), 20);
  await custody('most-passed', hoursAgo(3), 10);
  await custody('this-week', hoursAgo(25), 500);
  await custody('this-month', hoursAgo(29 * 24), 900);
  await custody('long-ago', hoursAgo(31 * 24), 999);
  await custody('failed', hoursAgo(1), 10, false);
  await custody('retired', hoursAgo(1), 400);
  await test.service.updateLearningMetrics('learner', { xp_awarded: 25 });
  await test.service.updateCustodyXp('learner', 15);
  await test.service.createOrUpdateAgentMetrics('set-by-hand', { xp: 5_000, custody_xp: 900 });
  await test.service.createOrUpdateAgentMetrics('loser', { custody_xp: 100 });
  await test.service.updateCustodyXp('loser', -50);
  await test.service.updateCustodyTestResult('errored', { outcome: 'errored', timestamp: hoursAgo(1) });
  await test.service.createOrUpdateAgentMetrics('retired', { is_active: false });
});
afterAll(() => test.close());

const ranking = async (request: LeaderboardRequest, access?: AgentAccess) => {
  const { items } = await test.custody.getLeaderboard(request, access);
  return items.map(({ rank, agent_type }) => [rank, agent_type]);
};

const DAY = [
  [1, 'learner'],
  [2, 'most-passed'],
  [3, 'also-today'],
  [3, 'today'],
  [5, 'failed'],
];

describe('the leaderboard of a period', () => {
  it.each<[LeaderboardRequest['period'], unknown[][]]>([
    ['day', DAY],
    ['week', [[1, 'this-week'], ...DAY.map(([rank, agent]) => [Number(rank) + 1, agent])]],
    ['month', [[1, 'this-month'], [2, 'this-week'], ...DAY.map(([rank, agent]) => [Number(rank) + 2, agent])]],
  ])('%s ranks by what was earned in it, then by tests passed', async (period, expected) => {
    expect(await ranking({ period })).toEqual(expected);
  });

  it('has the hours of the period and what was earned in them', async () => {
    const page = await test.leaderboard.page({ period: 'day', limit: 1 });
    expect(page).toMatchObject({
      period: 'day',
      from: new Date('2026-02-28T11:00:00Z'),
      to: new Date('2026-03-01T11:00:00Z'),
      items: [{ agent_type: 'learner', xp: 25, earned: { xp: 25, custody_xp: 15, tests: 0, passed: 0 } }],
    });
    expect((await test.leaderboard.page()).items[0]).not.toHaveProperty('earned');
  });

  it('ranks inactive agents on request', async () => {
    expect((await ranking({ period: 'day', include_inactive: true }))[0]).toEqual([1, 'retired']);
    expect((await ranking({ include_inactive: true })).flat()).toContain('retired');
    expect((await ranking({})).flat()).not.toContain('retired');
  });

  it.each([1, 2, 3])('has pages of %i, of the same hours', async (limit) => {
    const pages: unknown[] = [];
    let cursor: string | undefined;
    for (let hours = 0; ; hours++) {
      // Without the hours in the cursor, the period would move.
      test.setClock(new Date(NOW.getTime() + hours * 24 * HOUR));
      const page = await test.leaderboard.page({ period: 'day', limit, cursor });
      pages.push(...page.items.map(({ rank, agent_type }) => [rank, agent_type]));
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
    }
    test.setClock(NOW);
    expect(pages).toEqual(DAY);
  });

  it.each([
    ['today', 3, DAY.slice(2, 5)],
    ['learner', 3, DAY.slice(0, 3)],
    ['failed', 3, DAY.slice(3)],
    ['failed', undefined, DAY],
  ])('shows the neighbours of %s, %s entries', async (around, limit, expected) => {
    expect(await ranking({ period: 'day', around, limit })).toEqual(expected);
  });

  it.each<[string, LeaderboardRequest, object]>([
    ['no agent', { around: 'nobody', period: 'day' }, { code: 'agent_not_found' }],
    ['an inactive agent', { around: 'retired' }, { options: { errors: [inactive()] } }],
    ['an inactive agent of the period', { around: 'retired', period: 'day' }, { options: { errors: [inactive()] } }],
    [
      'an agent that earned nothing',
      { around: 'long-ago', period: 'month' },
      {
        options: {
          errors: [{ field: 'around', detail: 'is an agent that earned no XP and had no test in the period' }],
        },
      },
    ],
  ])('has no page around %s', async (_case, request, error) => {
    await expect(test.leaderboard.page(request)).rejects.toMatchObject(error);
  });

  it('refuses the cursor of another leaderboard', async () => {
    const requests: LeaderboardRequest[] = [{}, { period: 'week' }, { period: 'week', include_inactive: true }];
    for (const of of requests) {
      const { next_cursor } = await test.leaderboard.page({ ...of, limit: 1 });
      for (const request of requests) {
        const page = test.leaderboard.page({ ...request, cursor: next_cursor ?? '' });
        if (of === request) await page;
        else await expect(page).rejects.toMatchObject({ options: { errors: [foreignCursor()] } });
      }
    }
  });

  it.each([
    ['period', 'year'],
    ['period', null],
    ['include_inactive', 'true'],
    ['include_inactive', 1],
    ['include_inactive', null],
  ])('refuses a %s of %j in process', async (field, value) => {
    await expect(test.leaderboard.page({ [field]: value })).rejects.toMatchObject({
      code: 'validation_failed',
      options: { errors: [{ field }] },
    });
  });
});

describe('the leaderboard of a period for a caller that is limited to some agents', () => {
  const LIMITED = AgentAccess.of(['today', 'also-*', 'failed', 'ret*', 'nobody']);
  const OF_LIMITED = [
    [1, 'also-today'],
    [1, 'today'],
    [3, 'failed'],
  ];

  it('ranks these agents', async () => {
    expect(await ranking({ period: 'day' }, LIMITED)).toEqual(OF_LIMITED);
    expect(await ranking({ period: 'day' }, AgentAccess.of(['failed', 'today']))).toEqual([
      [1, 'today'],
      [2, 'failed'],
    ]);
    expect((await ranking({ period: 'day', include_inactive: true }, LIMITED))[0]).toEqual([1, 'retired']);
    expect(await ranking({ period: 'day', include_inactive: true }, AgentAccess.of(['nobody', 'no*']))).toEqual([]);
  });

  it.each([1, 2])('has pages of %i', async (limit) => {
    const entries: unknown[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await test.leaderboard.page({ period: 'day', limit, cursor }, LIMITED);
      entries.push(...page.items.map(({ rank, agent_type }) => [rank, agent_type]));
      if (page.next_cursor === null) break;
      cursor = page.next_cursor;
    }
    expect(entries).toEqual(OF_LIMITED);
  });

  it('has pages around these agents only', async () => {
    expect(await ranking({ period: 'day', around: 'failed', limit: 3 }, LIMITED)).toEqual(OF_LIMITED.slice(1));
    for (const [around, code] of [
      ['learner', 'agent_forbidden'],
      ['missing', 'agent_forbidden'],
      ['nobody', 'agent_not_found'],
      ['retired', 'validation_failed'],
    ]) {
      for (const period of ['day', 'all'] as const) {
        await expect(test.leaderboard.page({ period, around }, LIMITED)).rejects.toMatchObject({ code });
      }
    }
  });
});

function inactive() {
  return { field: 'around', detail: 'is an inactive agent; inactive agents are ranked with include_inactive=true' };
}

function foreignCursor() {
  return { field: 'cursor', detail: expect.stringMatching(/^is of the leaderboard with period=/) };
}
