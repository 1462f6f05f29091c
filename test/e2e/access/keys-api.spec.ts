import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { KEY_PROPAGATION_MS } from '../../../src/auth/key-ring.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer, createKey } from '../support/keys.js';
import { expectProblem } from '../support/problem.js';

const PATH = '/api/keys';

let app: TestApp;
let admin: Record<string, string>;
beforeAll(async () => {
  app = await startTestApp();
  admin = bearer(await createKey(app, { name: 'operator', scope: 'admin' }));
});
afterAll(() => app.close());

interface Created {
  key: string;
  id: string;
  name: string;
}
const create = async (fields: object): Promise<Created> => {
  const { status, body } = await app.send('POST', PATH, { name: 'ci', scope: 'write', ...fields }, admin);
  expect(status).toBe(201);
  return (body as { created: Created }).created;
};
const list = async (): Promise<{ id: string; name: string; state: string }[]> =>
  ((await app.send('GET', PATH, undefined, admin)).body as { keys: { id: string; name: string; state: string }[] })
    .keys;
const isAccepted = async (key: string): Promise<boolean> => {
  await sleep(KEY_PROPAGATION_MS + 100);
  return (await app.send('GET', '/api/agent-metrics', undefined, bearer(key))).status === 200;
};

describe('/api/keys', () => {
  it('creates, lists, rotates and revokes keys', async () => {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString();
    const created = await create({ agents: ['guardian', 'team-a/*'], expires_at });
    expect(created).toEqual({
      key: expect.stringMatching(/^lvlup_/),
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      name: 'ci',
      scope: 'write',
      agents: ['guardian', 'team-a/*'],
      expires_at,
    });
    expect(await isAccepted(created.key)).toBe(true);
    expect(await list()).toEqual([
      expect.objectContaining({ id: created.id, name: 'ci', state: 'valid', agents: ['guardian', 'team-a/*'] }),
      expect.objectContaining({ name: 'operator', state: 'valid', agents: null }),
    ]);
    expect(JSON.stringify(await list())).not.toMatch(/hash|lvlup_/);
    const rotated = await app.send('POST', `${PATH}/ci/rotate`, { overlap_seconds: 3_600 }, admin);
    const { key } = (rotated.body as { created: Created }).created;
    expect([await isAccepted(created.key), await isAccepted(key)]).toEqual([true, true]);
    await app.send('POST', `${PATH}/ci/rotate`, {}, admin);
    expect(await isAccepted(key)).toBe(false);
    expect((await app.send('DELETE', `${PATH}/${created.id}`, undefined, admin)).status).toBe(204);
    expect(await isAccepted(created.key)).toBe(false);
    expect((await app.send('DELETE', `${PATH}/ci`, undefined, admin)).status).toBe(204);
    expect((await list()).filter(({ name, state }) => name === 'ci' && state !== 'revoked')).toEqual([]);
  });

  it.each([
    [{ name: 'a b' }, 'name'],
    [{ name: '' }, 'name'],
    [{ name: undefined }, 'name'],
    [{ scope: 'owner' }, 'scope'],
    [{ scope: undefined }, 'scope'],
    [{ agents: [] }, 'agents'],
    [{ agents: ['*'] }, 'agents.0'],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [{ expires_at: 'tomorrow' }, 'expires_at'],
    [{ key: 'mine' }, 'key'],
  ])('refuses %j, naming %s', async (fields, field) => {
    const answer = await app.send('POST', PATH, { name: 'new', scope: 'read', ...fields }, admin);
    expectProblem(answer, 'validation_failed', PATH);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
  });

  it('refuses a name that a current key has, and names that none has', async () => {
    await create({ name: 'taken' });
    const again = await app.send('POST', PATH, { name: 'taken', scope: 'read' }, admin);
    expectProblem(again, 'key_exists', PATH);
    const path = `${PATH}/nobody/rotate`;
    expectProblem(await app.send('POST', path, {}, admin), 'key_not_found', path);
    for (const name of ['nobody', '%00', "'"]) {
      expect((await app.send('DELETE', `${PATH}/${name}`, undefined, admin)).status).toBe(404);
    }
  });
});
