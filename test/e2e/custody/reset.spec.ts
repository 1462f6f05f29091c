import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAdversarialTest } from '../../factories/adversarial-test.factory.js';
import { createCustodyTest } from '../../factories/custody-test.factory.js';
import { createLearning } from '../../factories/learning.factory.js';
import { createFullUpdate } from '../../factories/metrics-update.factory.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, CUSTODY, custodyPath } from '../support/paths.js';
import { expectRefused } from '../support/problem.js';
import { ISO_8601_UTC, metricsOf, sent, stored } from '../support/read.js';

/** Values that a reset of the custody sets. The other columns are unchanged. */
const CUSTODY_DEFAULTS = {
  pass_rate: 0,
  failure_rate: 0,
  last_success: null,
  last_failure: null,
  current_difficulty: 'basic',
  total_tests_given: 0,
  total_tests_passed: 0,
  total_tests_failed: 0,
  consecutive_successes: 0,
  consecutive_failures: 0,
  last_test_date: null,
  test_history: [],
  custody_level: 1,
  custody_xp: 0,
  adversarial_wins: 0,
};
const WAYS = [
  { method: 'DELETE', path: (type: string) => custodyPath(type, 'reset') },
  { method: 'POST', path: (type: string) => `${CUSTODY}/test/${type}/reset` },
];

describe.each(WAYS)('a reset of the custody by $method', ({ method, path }) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
    await sent(app, 'PUT', agentPath('guardian'), createFullUpdate({ consecutive_successes: 0 }));
    await sent(app, 'POST', agentPath('guardian', 'learning'), createLearning());
    await sent(app, 'POST', agentPath('guardian', 'custody-test'), createCustodyTest());
    await sent(app, 'POST', agentPath('guardian', 'custody-test'), createCustodyTest({ passed: false }));
    await sent(app, 'POST', agentPath('guardian', 'adversarial-test'), createAdversarialTest());
  });
  afterAll(() => app.close());

  it('resets the custody fields only, in one event', async () => {
    const before = await metricsOf(app, 'guardian');
    const { events } = await stored(app);
    const { status, headers } = await app.send(method, path('guardian'));
    expect(status).toBe(200);

    const version = Number(before['version']) + 1;
    expect(headers.get('etag')).toBe(`"${version}"`);
    expect(await metricsOf(app, 'guardian')).toEqual({
      ...before,
      ...CUSTODY_DEFAULTS,
      version,
      ledger_hash: expect.any(String),
      updated_at: expect.stringMatching(ISO_8601_UTC),
    });
    expect((await stored(app)).events).toBe(events + 1);
    const [event] = await app.database.query(
      "SELECT type, payload FROM agent_events WHERE agent_type = 'guardian' ORDER BY version DESC LIMIT 1",
    );
    expect(event).toEqual({ type: 'custody_reset', payload: {} });
  });

  it('sent again with its key takes effect once', async () => {
    const headers = { 'idempotency-key': 'once' };
    expect((await app.send(method, path('sandbox'), undefined, headers)).status).toBe(200);
    const before = await stored(app);
    const again = await app.send(method, path('sandbox'), undefined, headers);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(await stored(app)).toEqual(before);
  });

  it('is refused when the agent is at another version', async () => {
    const request = { method, path: path('guardian'), headers: { 'if-match': '"99"' } };
    await expectRefused(app, request, 'precondition_failed');
  });

  it('returns 404 for an agent that does not exist, and creates none', async () => {
    await expectRefused(app, { method, path: path('nobody') }, 'agent_not_found');
  });
});
