import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAdversarialTest } from '../factories/adversarial-test.factory.js';
import { createCustodyTest, createFailedCustodyTest } from '../factories/custody-test.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, BULK_UPDATE, LEADERBOARD } from './support/paths.js';
import { ISO_8601_UTC, type Json, sent } from './support/read.js';

describe('the leaderboard', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  const entries = async (): Promise<Json[]> => {
    const { body } = await sent(app, 'GET', LEADERBOARD);
    return (body as { leaderboard: Json[] }).leaderboard;
  };

  it('has one entry per agent, with zeros before the first test', async () => {
    const answer = await app.send('GET', LEADERBOARD);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      status: 'success',
      period: 'all',
      from: null,
      to: null,
      leaderboard: ['conquest', 'guardian', 'imperium', 'sandbox'].map((agent_type) => ({
        rank: 1,
        agent_type,
        ai_type: agent_type,
        level: 1,
        learning_score: 0,
        custody_xp: 0,
        win_rate: 0,
        recent_score: 0,
        total_tests: 0,
        adversarial_wins: 0,
        pass_rate: 0,
        xp: 0,
        consecutive_successes: 0,
        consecutive_failures: 0,
        last_test_date: null,
        status: 'idle',
      })),
      next_cursor: null,
      timestamp: expect.stringMatching(ISO_8601_UTC),
    });
  });

  it('has the counters of each agent', async () => {
    await sent(app, 'POST', agentPath('sandbox', 'custody-test'), createCustodyTest({ xp_awarded: 30 }));
    await sent(app, 'POST', agentPath('sandbox', 'custody-test'), createFailedCustodyTest({ score: 12 }));
    await sent(app, 'POST', agentPath('sandbox', 'adversarial-test'), createAdversarialTest({ xp_awarded: 1_000 }));
    await sent(
      app,
      'POST',
      agentPath('sandbox', 'adversarial-test'),
      createAdversarialTest({ score: 70.5, xp_awarded: 0, is_winner: false }),
    );
    await sent(app, 'PUT', agentPath('sandbox'), { learning_score: 12.5, status: 'active' });

    expect((await entries())[0]).toEqual({
      rank: 1,
      agent_type: 'sandbox',
      ai_type: 'sandbox',
      level: 2,
      learning_score: 12.5,
      custody_xp: 30,
      win_rate: 1 / 4,
      recent_score: 70.5,
      total_tests: 4,
      adversarial_wins: 1,
      pass_rate: 3 / 4,
      xp: 1_000,
      consecutive_successes: 2,
      consecutive_failures: 0,
      last_test_date: expect.stringMatching(ISO_8601_UTC),
      status: 'active',
    });
  });

  it('ranks by learning score, then custody XP, then win rate, all descending, and equal agents by agent type', async () => {
    const tests = { total_tests_given: 4, total_tests_passed: 4, total_tests_failed: 0 };
    await sent(app, 'POST', BULK_UPDATE, {
      updates: {
        'name-b': { learning_score: 50, custody_xp: 10, ...tests, adversarial_wins: 1 },
        'name-a': { learning_score: 50, custody_xp: 10, ...tests, adversarial_wins: 1 },
        // Fewer wins in number than of name-a in rate.
        'wins-more': { learning_score: 50, custody_xp: 10, ...tests, adversarial_wins: 3 },
        'no-tests': { learning_score: 50, custody_xp: 10 },
        'custody-first': { learning_score: 50, custody_xp: 11 },
        'score-first': { learning_score: 50.5, custody_xp: 0 },
        'xp-does-not-count': { learning_score: 49, custody_xp: 1_000, xp: 1_000_000 },
      },
    });

    const ranked = (await entries()).map(({ rank, agent_type }) => [rank, agent_type]);
    expect(ranked.slice(0, 8)).toEqual([
      [1, 'score-first'],
      [2, 'custody-first'],
      [3, 'wins-more'],
      [4, 'name-a'],
      [4, 'name-b'],
      [6, 'no-tests'],
      [7, 'xp-does-not-count'],
      [8, 'sandbox'],
    ]);
  });

  it('shares ranks of equal agents, also over the pages', async () => {
    const { body } = await sent(app, 'GET', `${LEADERBOARD}?limit=3`);
    const { next_cursor } = body as { next_cursor: string };
    const second = await sent(app, 'GET', `${LEADERBOARD}?limit=2&cursor=${next_cursor}`);
    expect(second.body).toMatchObject({
      leaderboard: [
        { rank: 4, agent_type: 'name-a' },
        { rank: 4, agent_type: 'name-b' },
      ],
    });
  });

  it.each([
    ['no entry', []],
    ['an entry without a score', [{ score: 80 }, { note: 'no score' }]],
    ['an entry whose score is a text', [{ score: '95' }]],
    ['an entry whose score is none', [{ score: 1e300 }]],
  ])('has a recent score of 0 if the history ends with %s', async (_case, test_history) => {
    await sent(app, 'PUT', agentPath('score-first'), { test_history });
    expect((await entries())[0]).toMatchObject({ agent_type: 'score-first', recent_score: 0 });
  });

  it('ranks what was earned in a period, and inactive agents on request', async () => {
    const day = await sent(app, 'GET', `${LEADERBOARD}?period=day&limit=1`);
    expect(day.body).toMatchObject({
      period: 'day',
      from: expect.stringMatching(/T\d\d:00:00.000Z$/),
      to: expect.stringMatching(/T\d\d:00:00.000Z$/),
      leaderboard: [{ rank: 1, agent_type: 'sandbox', earned: { xp: 1_000, custody_xp: 30, tests: 4, passed: 3 } }],
    });
    await sent(app, 'PUT', agentPath('sandbox'), { is_active: false });
    const active = await sent(app, 'GET', `${LEADERBOARD}?period=day&include_inactive=false`);
    expect(active.body).toMatchObject({ leaderboard: [] });
    const all = await sent(app, 'GET', `${LEADERBOARD}?period=day&include_inactive=true`);
    expect(all.body).toMatchObject({ leaderboard: [{ agent_type: 'sandbox' }] });
    await sent(app, 'PUT', agentPath('sandbox'), { is_active: true });
  });

  it.each([
    ['period=year', 'period'],
    ['period=', 'period'],
    ['period=day&period=day', 'period'],
    ['include_inactive=1', 'include_inactive'],
    ['include_inactive=', 'include_inactive'],
    ['include_inactive=true&include_inactive=true', 'include_inactive'],
  ])('refuses %s', async (query, field) => {
    const answer = await app.send('GET', `${LEADERBOARD}?${query}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });

  describe('around an agent', () => {
    const around = async (query: string) => {
      const { body } = await sent(app, 'GET', `${LEADERBOARD}?around=${query}`);
      return (body as { leaderboard: Json[] }).leaderboard.map(({ rank, agent_type }) => [rank, agent_type]);
    };

    it.each([
      ['wins-more&limit=3', [2, 3, 4]],
      ['wins-more&limit=4', [2, 3, 4, 5]],
      ['wins-more&limit=1', [3]],
      ['score-first&limit=3', [1, 2, 3]],
      ['custody-first&limit=5', [1, 2, 3, 4, 5]],
      ['name-b', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
      ['sandbox', [3, 4, 5, 6, 7, 8, 9, 10, 11]],
      ['sandbox&limit=1000', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ])('returns for %s the ranks %j', async (query, ranks) => {
      const ranking = (await entries()).map(({ rank, agent_type }) => [rank, agent_type]);
      expect(await around(query)).toEqual(ranks.map((rank) => ranking[rank - 1]));
    });

    it('continues with the following entries', async () => {
      const { body } = await sent(app, 'GET', `${LEADERBOARD}?around=wins-more&limit=3`);
      const { next_cursor } = body as { next_cursor: string };
      const { body: next } = await sent(app, 'GET', `${LEADERBOARD}?limit=1&cursor=${next_cursor}`);
      expect(next).toMatchObject({ leaderboard: [{ rank: 4, agent_type: 'name-b' }] });
    });

    it.each([
      ['nobody', 404, { code: 'agent_not_found' }],
      ['', 400, { errors: [{ field: 'around', detail: 'must be 1 to 50 characters' }] }],
      ['x'.repeat(51), 400, { errors: [{ field: 'around', detail: 'must be 1 to 50 characters' }] }],
      ['a%00b', 400, { errors: [{ field: 'around' }] }],
      ['guardian&around=sandbox', 400, { errors: [{ field: 'around' }] }],
      ['guardian&cursor=abc', 400, { errors: [{ field: 'around', detail: 'cannot be combined with `cursor`' }] }],
      ['guardian&limit=0', 400, { errors: [{ field: 'limit' }] }],
    ])('responds to %j with %i', async (query, status, problem) => {
      const answer = await app.send('GET', `${LEADERBOARD}?around=${query}`);
      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject(problem);
    });
  });
});
