import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCustodyTest, createFailedCustodyTest } from '../factories/custody-test.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { expectRefused } from './support/problem.js';
import { metricsOf, rowOf, sent } from './support/read.js';

const MINUTE = 60_000;
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE).toISOString();

describe('a custody test', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ MAX_XP_AWARDED: '200000' });
  });
  afterAll(() => app.close());

  const record = (agentType: string, body: object) => sent(app, 'POST', agentPath(agentType, 'custody-test'), body);

  it('that failed awards no XP, even if xp_awarded is set', async () => {
    await record('failed', createFailedCustodyTest({ xp_awarded: 500 }));
    expect(await metricsOf(app, 'failed')).toMatchObject({
      custody_xp: 0,
      custody_level: 1,
      xp: 0,
      test_history: [{ passed: false, xp_awarded: 0 }],
    });
  });

  it('awards custody XP and no general XP', async () => {
    await record('custody-only', createCustodyTest({ xp_awarded: 1_000 }));
    expect(await metricsOf(app, 'custody-only')).toMatchObject({ custody_xp: 1_000, xp: 0, level: 1 });
  });

  it.each([
    [99, 1, 'basic'],
    [100, 2, 'basic'],
    [300, 3, 'basic'],
    [4_499, 9, 'basic'],
    [4_500, 10, 'intermediate'],
    [122_500, 50, 'legendary'],
  ])('that awards %d XP reaches custody level %d (%s)', async (xp_awarded, custody_level, current_difficulty) => {
    const agentType = `reaches-${xp_awarded}`;
    await record(agentType, createCustodyTest({ xp_awarded }));
    expect(await metricsOf(app, agentType)).toMatchObject({
      custody_level,
      current_difficulty,
      // The test itself was taken before the difficulty rose.
      test_history: [{ difficulty: 'basic' }],
    });
  });

  it('does not lower a custody level that was set', async () => {
    await sent(app, 'PUT', agentPath('set-higher'), { custody_level: 25 });
    await record('set-higher', createCustodyTest());
    expect(await metricsOf(app, 'set-higher')).toMatchObject({
      custody_xp: 10,
      custody_level: 25,
      current_difficulty: 'advanced',
    });
  });

  it('keeps a difficulty that was set until the custody level changes', async () => {
    await sent(app, 'PUT', agentPath('set-difficulty'), { current_difficulty: 'master' });
    await record('set-difficulty', createCustodyTest());
    expect(await metricsOf(app, 'set-difficulty')).toMatchObject({ current_difficulty: 'master' });
  });

  it('that arrives late does not move the times backward', async () => {
    const known = '2025-03-01T00:00:00.000Z';
    const late = '2025-02-01T00:00:00Z';
    await record('late', createCustodyTest({ timestamp: known }));
    await record('late', createFailedCustodyTest({ timestamp: known }));
    await record('late', createCustodyTest({ timestamp: late }));
    await record('late', createFailedCustodyTest({ timestamp: late }));
    expect(await metricsOf(app, 'late')).toMatchObject({
      total_tests_given: 4,
      last_test_date: known,
      last_success: known,
      last_failure: known,
    });
  });

  it.each(['2025-01-25T10:00:00+00:00', '2025-01-25T12:00:00+02:00', '2025-01-25T04:30:00.000-05:30'])(
    'ended at 10:00 in UTC when its timestamp is %s',
    async (timestamp) => {
      const agentType = `zone-${timestamp.replaceAll(':', '.')}`;
      await record(agentType, createCustodyTest({ timestamp }));
      expect(await metricsOf(app, agentType)).toMatchObject({ last_test_date: '2025-01-25T10:00:00.000Z' });
      expect(await rowOf(app, agentType)).toMatchObject({ last_test_date: new Date('2025-01-25T10:00:00Z') });
    },
  );

  it('can end up to 5 minutes ahead of the clock', async () => {
    const timestamp = inMinutes(4.5);
    await record('ahead', createCustodyTest({ timestamp }));
    expect(await metricsOf(app, 'ahead')).toMatchObject({ last_test_date: timestamp });
  });

  it.each([
    ['6 minutes', inMinutes(6)],
    ['a day', inMinutes(24 * 60)],
    ['thousands of years', '9999-12-31T23:59:59Z'],
  ])('that ends %s ahead of the clock is refused', async (_case, timestamp) => {
    for (const agentType of ['guardian', 'would-be-new']) {
      const request = {
        method: 'POST',
        path: agentPath(agentType, 'custody-test'),
        body: createCustodyTest({ timestamp }),
      };
      await expectRefused(app, request, 'rule_violated', 'timestamp');
    }
  });
});
