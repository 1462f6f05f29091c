import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAdversarialTest } from '../factories/adversarial-test.factory.js';
import { createCustodyTest } from '../factories/custody-test.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { expectRefused } from './support/problem.js';
import { metricsOf, sent } from './support/read.js';

const LARGEST = 2_147_483_647;
const AWARDS: [path: string, body: object][] = [
  [agentPath('guardian', 'custody-test'), createCustodyTest()],
  [agentPath('guardian', 'adversarial-test'), createAdversarialTest()],
  [agentPath('guardian', 'learning'), {}],
];

describe('the XP that a request can award', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each(AWARDS)('are at most 1,000 by POST %s', async (path, body) => {
    await sent(app, 'POST', path, { ...body, xp_awarded: 1_000 });
    for (const xp_awarded of [1_001, LARGEST]) {
      await expectRefused(app, { method: 'POST', path, body: { ...body, xp_awarded } }, 'rule_violated', 'xp_awarded');
    }
  });

  it.each(AWARDS)('are at most MAX_XP_AWARDED by POST %s', async (path, body) => {
    const strict = await startTestApp({ MAX_XP_AWARDED: '10' });
    await sent(strict, 'POST', path, { ...body, xp_awarded: 10 });
    await expectRefused(
      strict,
      { method: 'POST', path, body: { ...body, xp_awarded: 11 } },
      'rule_violated',
      'xp_awarded',
    );
    await strict.close();
  });

  it('are not limited by PUT', async () => {
    await sent(app, 'PUT', agentPath('sandbox'), { xp: LARGEST, custody_xp: LARGEST });
  });

  it('stop at the largest integer, and the response has the sum', async () => {
    await sent(app, 'PUT', agentPath('conquest'), { xp: LARGEST - 5, custody_xp: LARGEST - 5 });
    const custody = await sent(app, 'POST', agentPath('conquest', 'custody-test'), createCustodyTest());
    expect(custody.body).toMatchObject({
      message: expect.stringContaining('largest'),
      updated_custody_metrics: { total_tests_given: 1, custody_xp: LARGEST },
    });
    const adversarial = await sent(app, 'POST', agentPath('conquest', 'adversarial-test'), createAdversarialTest());
    expect(adversarial.body).toMatchObject({ message: expect.stringContaining('largest') });
    await sent(app, 'POST', agentPath('conquest', 'custody-xp'), { amount: 100 });
    const learning = await sent(app, 'POST', agentPath('conquest', 'learning'), { xp_awarded: 1 });
    expect(learning.body).toMatchObject({ message: expect.stringContaining('largest') });
    expect(await metricsOf(app, 'conquest')).toMatchObject({ xp: LARGEST, custody_xp: LARGEST, total_tests_given: 2 });
  });
});
