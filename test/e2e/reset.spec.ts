import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCustodyTest } from '../factories/custody-test.factory.js';
import { createLearning } from '../factories/learning.factory.js';
import { createFullUpdate } from '../factories/metrics-update.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { expectRefused } from './support/problem.js';
import { agentsOf, metricsOf, rowOf, sent } from './support/read.js';

/** Values that differ between two agents, or two times of one. */
const OF_ITS_OWN = {
  id: expect.any(String),
  agent_id: expect.any(String),
  agent_type: expect.any(String),
  version: expect.any(Number),
  ledger_hash: expect.any(String),
  created_at: expect.any(String),
  updated_at: expect.any(String),
};

describe('a reset', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each(['reset', 'reset/'])('resets an agent to the values of a new one, at %s', async (below) => {
    const agent = agentPath('guardian');
    await sent(app, 'PUT', agent, createFullUpdate());
    await sent(app, 'POST', agentPath('guardian', 'learning'), createLearning());
    await sent(app, 'POST', agentPath('guardian', 'custody-test'), createCustodyTest());

    const answer = await app.send('DELETE', `${agent}/${below}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ status: 'success', agent_type: 'guardian', message: expect.any(String) });
    expect(await metricsOf(app, 'guardian')).toEqual({ ...(await metricsOf(app, 'imperium')), ...OF_ITS_OWN });
  });

  it('keeps id, time of creation and position in the overview', async () => {
    const before = await metricsOf(app, 'sandbox');
    const agents = await agentsOf(app);
    await sent(app, 'DELETE', agentPath('sandbox', 'reset'));

    expect(await metricsOf(app, 'sandbox')).toMatchObject({ id: before['id'], created_at: before['created_at'] });
    expect(await agentsOf(app)).toEqual(agents);
  });

  it('is recorded: ledger history is retained', async () => {
    const types = async () =>
      (
        await app.database.query<{ type: string }>(
          "SELECT type FROM agent_events WHERE agent_type = 'conquest' ORDER BY version",
        )
      ).map(({ type }) => type);
    await sent(app, 'POST', agentPath('conquest', 'custody-test'), createCustodyTest());
    await sent(app, 'DELETE', agentPath('conquest', 'reset'));
    expect(await types()).toEqual(['created', 'custody_test', 'reset']);
    expect(await rowOf(app, 'conquest')).toMatchObject({ version: 3, custody_xp: 0 });
  });

  it('restarts the counters: later results count from 0', async () => {
    await sent(app, 'DELETE', agentPath('conquest', 'reset'));
    await sent(app, 'POST', agentPath('conquest', 'custody-test'), createCustodyTest());
    expect(await metricsOf(app, 'conquest')).toMatchObject({ total_tests_given: 1, custody_xp: 10, pass_rate: 1 });
  });

  it.each([
    ['no body', undefined],
    ['an empty JSON body', ''],
  ])('accepts %s', async (_case, body) => {
    expect((await app.send('DELETE', agentPath('conquest', 'reset'), body)).status).toBe(200);
  });

  it('returns 404 for an agent that does not exist, and creates none', async () => {
    await expectRefused(app, { method: 'DELETE', path: agentPath('nobody', 'reset') }, 'agent_not_found');
  });
});
