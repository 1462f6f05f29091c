import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { KEY_PROPAGATION_MS } from '../../../src/auth/key-ring.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer, createKey } from '../support/keys.js';
import { expectProblem } from '../support/problem.js';

const PATH = '/api/caller';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const callerOf = async (headers?: Record<string, string>) =>
  (await app.send('GET', PATH, undefined, headers)).body as { caller: unknown };

describe('GET /api/caller', () => {
  it('states that anonymous requests may do everything, while no key exists', async () => {
    expect(await callerOf()).toEqual({ status: 'success', caller: { name: null, scope: 'admin', agents: null } });
  });

  it('states name, scope and agents of a key, and requires one', async () => {
    const writer = await createKey(app, { name: 'writer', scope: 'write', agents: ['guardian', 'team-a/*'] });
    const reader = await createKey(app, { name: 'reader', scope: 'read' });
    await sleep(KEY_PROPAGATION_MS);
    expect((await callerOf(bearer(writer))).caller).toEqual({
      name: 'writer',
      scope: 'write',
      agents: ['guardian', 'team-a/*'],
    });
    expect((await callerOf(bearer(reader))).caller).toEqual({ name: 'reader', scope: 'read', agents: null });
    expectProblem(await app.send('GET', PATH), 'unauthenticated', PATH);
  });
});
