import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCustodyTest, createFailedCustodyTest } from '../../factories/custody-test.factory.js';
import { stopClock } from '../../support/stopped-clock.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, CUSTODY, custodyPath } from '../support/paths.js';
import { type Json, sent } from '../support/read.js';

const HOUR = 3_600_000;
const TESTED = new Date(Date.now() - HOUR);
const after = (milliseconds: number) => new Date(TESTED.getTime() + milliseconds);

describe('with configured thresholds the service', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({
      PROPOSAL_MAX_FAILURE_STREAK: '0',
      PROPOSAL_PASS_WINDOW_HOURS: '0.5',
      LEVEL_UP_MIN_PASS_RATE: '0.5',
      LEVEL_UP_MAX_FAILURE_STREAK: '1',
      LEVEL_UP_MIN_CUSTODY_XP: '20',
      CUSTODY_TEST_INTERVAL_HOURS: '48',
      CUSTODY_RETRY_DELAY_HOURS: '0.25',
      PASS_MARK: '55.5',
    });
    const timestamp = TESTED.toISOString();
    for (const result of [createCustodyTest(), createCustodyTest(), createFailedCustodyTest()]) {
      await sent(app, 'POST', agentPath('guardian', 'custody-test'), { ...result, timestamp });
    }
    await sent(app, 'POST', agentPath('sandbox', 'custody-test'), createCustodyTest({ timestamp }));
  });
  afterAll(() => app.close());

  const eligibilityOf = async (agentType: string) => {
    const { body } = await sent(app, 'GET', custodyPath(agentType, 'eligibility'));
    return (body as { eligibility: Record<'propose' | 'level_up', { eligible: boolean; requirements: Json[] }> })
      .eligibility;
  };

  it('uses and returns them', async () => {
    stopClock(app.app, after(1_000));
    const { propose, level_up } = await eligibilityOf('guardian');
    expect(propose.requirements.map(({ code, required, met }) => [code, required, met])).toEqual([
      ['tests_passed', 1, true],
      ['failure_streak', 0, false],
      ['recent_pass', 1_800, true],
      ['active', true, true],
    ]);
    expect(level_up.eligible).toBe(true);
    expect(level_up.requirements.map(({ code, required, met }) => [code, required, met])).toEqual([
      ['recent_tests', 3, true],
      ['recent_pass_rate', 0.5, true],
      ['failure_streak', 1, true],
      ['custody_xp', 20, true],
    ]);
  });

  it.each([
    [HOUR / 2, true],
    [HOUR / 2 + 1, false],
  ])('lets an agent propose %i ms after its pass: %s', async (milliseconds, eligible) => {
    stopClock(app.app, after(milliseconds));
    expect((await eligibilityOf('sandbox')).propose.eligible).toBe(eligible);
  });

  it('schedules with them', async () => {
    const { body } = await sent(app, 'GET', custodyPath('guardian', 'schedule'));
    expect(body).toMatchObject({
      schedule: {
        next_regular_test_at: after(48 * HOUR).toISOString(),
        retry_at: after(HOUR / 4).toISOString(),
      },
    });
  });

  it('returns the pass mark', async () => {
    expect((await sent(app, 'GET', `${CUSTODY}/categories`)).body).toMatchObject({
      test_catalogue: { pass_mark: 55.5 },
    });
  });
});
