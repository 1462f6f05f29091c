import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { createAdversarialTest } from '../../factories/adversarial-test.factory.js';
import { createCustodyTest, createFailedCustodyTest } from '../../factories/custody-test.factory.js';
import { stopClock } from '../../support/stopped-clock.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, CUSTODY } from './paths.js';
import { type Json, sent } from './read.js';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** Time of all requests. */
export const NOW = new Date(Math.floor(Date.now() / 1_000) * 1_000);
export const ago = (milliseconds: number): string => new Date(NOW.getTime() - milliseconds).toISOString();

/** Starts the service with agents and tests for the paths of the old backend. */
export async function startWithTestedAgents(): Promise<TestApp> {
  const app = await startTestApp();
  const custodyTest = (agentType: string, body: object) =>
    sent(app, 'POST', agentPath(agentType, 'custody-test'), body);
  const passed = createCustodyTest({ score: 90, duration: 100, category: 'code_quality', xp_awarded: 60 });
  await custodyTest('guardian', { ...passed, timestamp: ago(9 * DAY) });
  await custodyTest('guardian', { ...passed, score: 80, duration: 200, timestamp: ago(DAY) });
  await custodyTest('guardian', { ...passed, difficulty: 'advanced', timestamp: ago(HOUR) });
  await sent(
    app,
    'POST',
    agentPath('sandbox', 'adversarial-test'),
    createAdversarialTest({ score: 75, timestamp: ago(HOUR), xp_awarded: 5 }),
  );
  for (let failures = 0; failures < 3; failures++) {
    await custodyTest('conquest', createFailedCustodyTest({ timestamp: ago(HOUR), category: 'code_quality' }));
  }
  await sent(app, 'PUT', agentPath('imperium'), { is_active: false, learning_score: 7.5 });
  return app;
}

/** The `data` of a response of a legacy path. */
export async function dataOf(app: TestApp, path: string, method = 'GET'): Promise<Json> {
  const { body } = await sent(app, method, `${CUSTODY}${path}`);
  expect(body).toEqual({ status: 'success', data: expect.any(Object), timestamp: NOW.toISOString() });
  return (body as { data: Json }).data;
}

/** The service that the tests of a file share. */
export interface SharedApp {
  app: TestApp;
  /** Returns the body of a response to GET. */
  read<Body>(path: string): Promise<Body>;
}

/**
 * Starts the service for the tests of a file, at NOW. Like startWithTestedAgents, with an adversarial test of conquest that
 * ended 30 s before NOW.
 */
export function useRecentAdversarialTest(): SharedApp {
  const shared = {
    read: async <Body>(path: string) => (await sent(shared.app, 'GET', path)).body as Body,
  } as SharedApp;
  beforeAll(async () => {
    shared.app = await startWithTestedAgents();
    const scenario = { scenario_domain: 'security', scenario_complexity: 'high' };
    const test = createAdversarialTest({ timestamp: ago(30_000), xp_awarded: 0, ...scenario });
    await sent(shared.app, 'POST', agentPath('conquest', 'adversarial-test'), test);
  });
  beforeEach(() => {
    stopClock(shared.app.app, NOW);
  });
  afterAll(() => shared.app.close());
  return shared;
}
