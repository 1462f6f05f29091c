import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ago, useRecentAdversarialTest } from '../support/old-backend.js';
import { sent } from '../support/read.js';

const shared = useRecentAdversarialTest();

describe('recent tests of the old backend', () => {
  it('are those of all agents by their end, newest first', async () => {
    const { data } = await shared.read<{ data: { ai_type: string; timestamp: string }[] }>('/api/custody/recent-tests');
    expect(data.map(({ timestamp }) => timestamp)).toEqual([
      ago(30_000),
      ...Array<string>(5).fill(ago(3_600_000)),
      ago(86_400_000),
      ago(9 * 86_400_000),
    ]);
    expect(data[0]).toEqual({
      ai_type: 'conquest',
      test_type: 'adversarial',
      score: 88,
      passed: true,
      timestamp: ago(30_000),
      xp_awarded: 0,
      scenario_domain: 'security',
      scenario_complexity: 'high',
      is_winner: true,
    });
    // Tests with equal times: newest arrival first.
    expect(data.slice(1, 6).map(({ ai_type }) => ai_type)).toEqual([
      ...['conquest', 'conquest', 'conquest'],
      ...['sandbox', 'guardian'],
    ]);
    expect((await shared.read<{ data: object[] }>('/api/custody/recent-tests?limit=2')).data).toEqual(data.slice(0, 2));
  });

  it('of recent-adversarial-tests are adversarial only', async () => {
    const { data } = await shared.read<{ data: { ai_type: string }[] }>(
      '/api/custody/recent-adversarial-tests?limit=20',
    );
    expect(data.map(({ ai_type }) => ai_type)).toEqual(['conquest', 'sandbox']);
  });

  it.each(['0', '1001', '-1', 'ten', '1.5'])('are rejected for ?limit=%s', async (limit) => {
    expect((await shared.app.send('GET', `/api/custody/recent-tests?limit=${limit}`)).status).toBe(400);
  });

  it('are kept by a reset, which reports success', async () => {
    const { body } = await sent(shared.app, 'POST', '/custody/test/conquest/reset');
    const response = z.object({
      status: z.literal('success'),
      data: z.object({ status: z.literal('success'), message: z.string().regex(/ /) }),
      timestamp: z.iso.datetime(),
    });
    expect(response.safeParse(body)).toMatchObject({ success: true });
    expect((await shared.read<{ data: object[] }>('/api/custody/recent-tests')).data).toHaveLength(8);
  });
});
