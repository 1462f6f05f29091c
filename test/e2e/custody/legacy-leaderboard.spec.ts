import { describe, expect, it } from '@jest/globals';
import { useRecentAdversarialTest } from '../support/old-backend.js';
import { agentPath } from '../support/paths.js';
import { sent } from '../support/read.js';

const shared = useRecentAdversarialTest();

describe('leaderboard of the old backend', () => {
  it('orders by level, then custody XP', async () => {
    await sent(shared.app, 'PUT', agentPath('imperium'), { level: 3, is_active: true });
    await sent(shared.app, 'PUT', agentPath('sandbox'), { custody_xp: 181 });
    const { data } = await shared.read<{ data: { leaderboard: object[] } }>('/api/custody/leaderboard');
    expect(data.leaderboard).toEqual([
      { ai_type: 'imperium', level: 3, xp: 0, win_rate: 0, recent_score: 0 },
      { ai_type: 'sandbox', level: 1, xp: 181, win_rate: 1, recent_score: 75 },
      { ai_type: 'guardian', level: 1, xp: 180, win_rate: 1, recent_score: 90 },
      { ai_type: 'conquest', level: 1, xp: 0, win_rate: 1 / 4, recent_score: 88 },
    ]);
  });

  it('has pages, also between agents of equal rank', async () => {
    const agents: string[] = [];
    let cursor = '';
    do {
      const path = `/api/custody/leaderboard?limit=1${cursor}`;
      const { data } = await shared.read<{ data: { leaderboard: { ai_type: string }[]; next_cursor: string | null } }>(
        path,
      );
      agents.push(...data.leaderboard.map(({ ai_type }) => ai_type));
      cursor = data.next_cursor === null ? '' : `&cursor=${data.next_cursor}`;
    } while (cursor !== '');
    expect(agents).toEqual(['imperium', 'sandbox', 'guardian', 'conquest']);
  });

  it('does not rank inactive agents', async () => {
    await sent(shared.app, 'PUT', agentPath('sandbox'), { is_active: false });
    const { data } = await shared.read<{ data: { leaderboard: { ai_type: string }[] } }>('/api/custody/leaderboard');
    expect(data.leaderboard.map(({ ai_type }) => ai_type)).toEqual(['imperium', 'guardian', 'conquest']);
    await sent(shared.app, 'PUT', agentPath('sandbox'), { is_active: true });
  });

  it.each([
    [1e300, 1, 'a'],
    [1, -1e300, 'a'],
    [2 ** 63, 0, 'a'],
    [-1, 0, 'a'],
    [1, 1, 1],
    [1, 1],
  ])('rejects a cursor of %j, %j, %j', async (...key) => {
    const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
    expect((await shared.app.send('GET', `/api/custody/leaderboard?cursor=${cursor}`)).status).toBe(400);
  });
});
