import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCustodyTest, createFailedCustodyTest } from '../factories/custody-test.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, AGENTS, BULK_UPDATE } from './support/paths.js';
import { agentsOf, sent } from './support/read.js';

const DEFAULT_AGENTS = ['imperium', 'guardian', 'sandbox', 'conquest'];

describe('the overview', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each([AGENTS, `${AGENTS}/`])('returns the default agents at %s', async (path) => {
    const answer = await app.send('GET', path);

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.body).toEqual({
      status: 'success',
      total_agents: 4,
      agents: DEFAULT_AGENTS,
      summary: {
        total_learning_score: 0,
        total_xp: 0,
        total_tests_given: 0,
        total_tests_passed: 0,
        average_level: 1,
      },
    });
  });

  it('sums over all agents, independent of the page', async () => {
    await sent(app, 'PUT', agentPath('imperium'), { learning_score: 1000.5, xp: 2_000 });
    await sent(app, 'PUT', agentPath('sandbox'), { learning_score: 499.5, xp: 500, level: 9 });
    await sent(app, 'POST', agentPath('guardian', 'custody-test'), createCustodyTest());
    await sent(app, 'POST', agentPath('conquest', 'custody-test'), createFailedCustodyTest());

    const summary = {
      total_learning_score: 1_500,
      total_xp: 2_500,
      total_tests_given: 2,
      total_tests_passed: 1,
      average_level: (2 + 1 + 9 + 1) / 4,
    };
    expect((await app.send('GET', AGENTS)).body).toMatchObject({ total_agents: 4, summary });
    expect((await app.send('GET', `${AGENTS}?limit=1`)).body).toMatchObject({
      total_agents: 4,
      agents: ['imperium'],
      summary,
    });
  });

  it('keeps the sums exact beyond 32 bits', async () => {
    for (const agent of DEFAULT_AGENTS) await sent(app, 'PUT', agentPath(agent), { xp: 2_147_483_647 });
    expect((await app.send('GET', AGENTS)).body).toMatchObject({ summary: { total_xp: 4 * 2_147_483_647 } });
  });

  it('lists agents in the order of their creation, those of one bulk update in its order', async () => {
    await sent(app, 'PUT', agentPath('zeta'), {});
    await sent(app, 'POST', BULK_UPDATE, { updates: { yankee: {}, alpha: {}, mike: {} } });
    await sent(app, 'POST', agentPath('beta', 'learning'), {});
    await sent(app, 'PUT', agentPath('imperium'), { status: 'active' });

    expect(await agentsOf(app)).toEqual([...DEFAULT_AGENTS, 'zeta', 'yankee', 'alpha', 'mike', 'beta']);
  });

  it('responds to HEAD as to GET, without the body', async () => {
    const response = await fetch(app.url + AGENTS, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('');
  });
});
