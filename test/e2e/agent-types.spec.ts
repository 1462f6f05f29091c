import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAdversarialTest } from '../factories/adversarial-test.factory.js';
import { createCustodyTest } from '../factories/custody-test.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, BULK_UPDATE, CUSTODY, custodyPath, LEADERBOARD } from './support/paths.js';
import { agentsOf, toCustodyMetrics, metricsOf, rowOf, sent } from './support/read.js';

/** Names that a careless program stumbles over, all of them allowed. */
const AGENT_TYPES = [
  'constructor',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '1',
  '0',
  '007',
  '1e5',
  'null',
  'undefined',
  'true',
  'NaN',
  'gpt-4.1',
  'Command-R+-08-24',
  'a:b@c',
  'a..',
  'openai/gpt-4o',
  'a/b/',
  'a/reset',
  'A',
  'Z_._:_+_@_-',
  'meta-llama/Llama-3.1-8B-Instruct:free',
  'a/../b//reset',
  'Leaderboard',
  'health',
  'agents',
  'test',
  'difficulty',
  'categories',
  'x'.repeat(50),
];

describe('an agent type', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each(AGENT_TYPES)('can be %s, on all routes', async (agentType) => {
    expect((await app.send('PUT', agentPath(agentType), { status: 'active' })).status).toBe(201);
    await sent(app, 'POST', BULK_UPDATE, { updates: { [agentType]: { priority: 'high' } } });
    await sent(app, 'POST', agentPath(agentType, 'custody-test'), createCustodyTest());
    await sent(app, 'POST', agentPath(agentType, 'adversarial-test'), createAdversarialTest());
    await sent(app, 'POST', agentPath(agentType, 'custody-xp'), { amount: 90 });
    await sent(app, 'POST', agentPath(agentType, 'learning'), { learning_score: 5 });

    expect(await metricsOf(app, agentType)).toMatchObject({
      agent_type: agentType,
      agent_id: `${agentType}_agent`,
      status: 'active',
      priority: 'high',
      learning_score: 5,
    });
    expect(await toCustodyMetrics(app, agentType)).toMatchObject({ custody_xp: 100, total_tests_given: 2 });
    expect((await agentsOf(app)).at(-1)).toBe(agentType);
    expect((await sent(app, 'GET', LEADERBOARD)).body).toMatchObject({
      leaderboard: expect.arrayContaining([
        expect.objectContaining({ agent_type: agentType, learning_score: 5, custody_xp: 100, win_rate: 0.5 }),
      ]),
    });

    expect((await sent(app, 'GET', custodyPath(agentType))).body).toMatchObject({ standing: { may_propose: true } });
    expect((await sent(app, 'GET', `${CUSTODY}/eligibility/${encodeURIComponent(agentType)}`)).body).toMatchObject({
      data: { ai_type: agentType, can_create_proposals: true },
    });

    await sent(app, 'DELETE', agentPath(agentType, 'reset'));
    expect(await rowOf(app, agentType)).toMatchObject({ status: 'idle', custody_xp: 0 });
  });

  it('is case-sensitive, in the path and in a bulk update', async () => {
    expect((await app.send('PUT', agentPath('Guardian'), { xp: 1 })).status).toBe(201);
    await sent(app, 'POST', BULK_UPDATE, { updates: { GUARDIAN: { xp: 2 }, guardian: { xp: 3 } } });
    expect(await metricsOf(app, 'Guardian')).toMatchObject({ xp: 1 });
    expect(await metricsOf(app, 'GUARDIAN')).toMatchObject({ xp: 2 });
    expect(await metricsOf(app, 'guardian')).toMatchObject({ xp: 3 });
  });
});
