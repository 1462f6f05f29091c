import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { AGENTS, BULK_UPDATE, LEADERBOARD } from './support/paths.js';
import { sent } from './support/read.js';

interface Page {
  items: string[];
  next: string | null | undefined;
}
type ReadPage = (query: string) => Promise<Page>;

/** Follows the cursors from the first page to the last. */
async function pagesOf(read: ReadPage, limit: number): Promise<string[][]> {
  const pages: string[][] = [];
  let query = `?limit=${limit}`;
  for (;;) {
    const { items, next } = await read(query);
    pages.push(items);
    if (next === null || next === undefined) return pages;
    if (pages.length > 10_000) throw new Error('the cursors lead in a circle');
    query = `?limit=${limit}&cursor=${encodeURIComponent(next)}`;
  }
}

const DEFAULT_AGENTS = ['imperium', 'guardian', 'sandbox', 'conquest'];
const MANY = Array.from({ length: 1_000 }, (_, index) => `agent-${index}`);
const LIMITS = [13, 251, 999];

describe('paging', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    // Many ties: the order must be settled by what is unique.
    const updates = Object.fromEntries(MANY.map((agent, index) => [agent, { learning_score: index % 3 }]));
    await sent(app, 'POST', BULK_UPDATE, { updates });
  });
  afterAll(() => app.close());

  const overview: ReadPage = async (query) => {
    const { body } = await sent(app, 'GET', AGENTS + query);
    const { agents, next_cursor } = body as { agents: string[]; next_cursor?: string };
    return { items: agents, next: next_cursor };
  };
  const leaderboard: ReadPage = async (query) => {
    const { body } = await sent(app, 'GET', LEADERBOARD + query);
    const page = body as { leaderboard: { agent_type: string }[]; next_cursor: string | null };
    return { items: page.leaderboard.map(({ agent_type }) => agent_type), next: page.next_cursor };
  };

  it.each(LIMITS)('returns the overview in pages of %d, in the order of creation, each agent once', async (limit) => {
    const pages = await pagesOf(overview, limit);
    expect(pages.slice(0, -1).every(({ length }) => length === limit)).toBe(true);
    expect(pages.flat()).toEqual([...DEFAULT_AGENTS, ...MANY]);
  });

  it.each(LIMITS)('returns the leaderboard in pages of %d, in the same order as at once', async (limit) => {
    const pages = await pagesOf(leaderboard, limit);
    expect(pages.slice(0, -1).every(({ length }) => length === limit)).toBe(true);
    expect(new Set(pages.flat()).size).toBe(1_004);
    expect(pages.flat()).toEqual((await pagesOf(leaderboard, 1_000)).flat());
  });

  it.each([
    ['overview', overview],
    ['leaderboard', leaderboard],
  ])('returns at most 1,000 on a page of the %s by default', async (_name, read) => {
    const first = await read('');
    expect(first.items).toHaveLength(1_000);
    const last = await read(`?cursor=${encodeURIComponent(first.next ?? '')}`);
    expect(last.items).toHaveLength(4);
    expect(last.next ?? null).toBeNull();
  });

  it('returns both lists one by one', async () => {
    await app.database.query('DELETE FROM agent_metrics WHERE agent_type = ANY($1)', [MANY.slice(4)]);
    expect((await pagesOf(overview, 1)).flat()).toEqual((await overview('')).items);
    expect((await pagesOf(leaderboard, 1)).flat()).toEqual((await leaderboard('')).items);
  });

  it('has no next page if the limit is the number of agents', async () => {
    expect(await overview('?limit=8')).toEqual({ items: [...DEFAULT_AGENTS, ...MANY.slice(0, 4)], next: undefined });
    expect((await leaderboard('?limit=8')).next).toBeNull();
    expect((await leaderboard('?limit=7')).next).toEqual(expect.any(String));
  });

  it('continues at its position if agents are added and removed between two pages', async () => {
    const first = await overview('?limit=3');
    await sent(app, 'POST', BULK_UPDATE, { updates: { newcomer: {} } });
    await app.database.query("DELETE FROM agent_metrics WHERE agent_type = 'sandbox'");
    const second = await overview(`?limit=100&cursor=${encodeURIComponent(first.next ?? '')}`);
    expect(second.items).toEqual(['conquest', ...MANY.slice(0, 4), 'newcomer']);
  });
});
