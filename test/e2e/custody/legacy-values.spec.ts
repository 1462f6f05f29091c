import { describe, expect, it } from '@jest/globals';
import { useRecentAdversarialTest } from '../support/old-backend.js';
import { agentPath } from '../support/paths.js';
import { sent } from '../support/read.js';

const shared = useRecentAdversarialTest();

describe('analytics of the old backend', () => {
  it('are at the top level of the overview', async () => {
    const { analytics: shown } = await shared.read<{ analytics: object }>('/api/custody');
    expect({ data: shown }).toEqual({ data: (await shared.read<{ data: object }>('/api/custody/analytics')).data });
  });

  it('count agents with at least one test as active', async () => {
    await sent(shared.app, 'PUT', agentPath('guardian'), { is_active: false });
    const { data } = await shared.read<{ data: { overall_metrics: object } }>('/api/custody/analytics');
    await sent(shared.app, 'PUT', agentPath('guardian'), { is_active: true });
    expect(data.overall_metrics).toMatchObject({ active_ai_count: 3 });
  });

  it('ignore other parameters', async () => {
    await shared.read('/api/custody/recent-tests?limit=2&_=17');
    await shared.read('/custody?x=1');
  });

  it('include the ratio of passed tests of the history in live-analytics', async () => {
    await sent(shared.app, 'PUT', agentPath('imperium'), {
      learning_patterns: ['a'],
      test_history: [
        { passed: true, score: 1 },
        ...[2, 3, 4, 5, 6].map((score) => ({ passed: false, score })),
        { x: 1 },
      ],
    });
    const { data } = await shared.read<{ data: { imperium: object } }>('/custody/live-analytics');
    expect(data.imperium).toMatchObject({
      learning_patterns: ['a'],
      recent_results: [{ score: 3 }, { score: 4 }, { score: 5 }, { score: 6 }, { x: 1 }],
      win_rate: 1 / 7,
    });
  });
});

describe('eligibility of the old backend', () => {
  it('describes the requirements with the configured thresholds', async () => {
    const { data } = await shared.read<{ data: { requirements: object } }>('/api/custody/eligibility/sandbox');
    expect(data.requirements).toEqual({
      level_up: {
        recent_pass_rate: 'At least 80 % of the last 5 tests passed, of at least 3 tests',
        consecutive_failures: 'At most 2 tests failed in a row',
        custody_xp: 'At least 100 custody XP',
      },
      proposals: {
        at_least_one_test_passed: 'At least 1 test passed',
        consecutive_failures: 'At most 3 tests failed in a row',
        recent_test: 'A test passed within the last 24 hours',
      },
    });
  });
});

describe('health of the old backend', () => {
  it.each(['/health', '/api/health', '/health/ready'])('is at %s, without a key', async (path) => {
    expect(await shared.read(path)).toEqual({ status: 'healthy', database: 'connected' });
  });
});
