import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeys } from '../../../src/auth/api-keys.service.js';
import { KEY_PROPAGATION_MS } from '../../../src/auth/key-ring.js';
import { KeyUsage } from '../../../src/auth/key-usage.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer, createKey } from '../support/keys.js';
import { sendRaw } from '../support/raw-socket.js';
import { agentPath, AGENTS, BULK_UPDATE } from '../support/paths.js';

let app: TestApp;
let keys: ApiKeys;
beforeAll(async () => {
  app = await startTestApp();
  keys = app.app.get(ApiKeys, { strict: false });
});
afterAll(() => app.close());

const statusWith = async (headers: Record<string, string>): Promise<number> =>
  (await app.send('GET', AGENTS, undefined, headers)).status;
const inForce = (): Promise<void> => sleep(KEY_PROPAGATION_MS);

describe('while no key exists', () => {
  it('a program on this machine has all scopes, with any credential', async () => {
    expect(await statusWith({})).toBe(200);
    expect(await statusWith(bearer('anything'))).toBe(200);
    expect((await app.send('DELETE', agentPath('guardian', 'reset'))).status).toBe(200);
  });
});

describe('as soon as a key exists', () => {
  it('requests require one, also after the last is revoked', async () => {
    const key = await createKey(app, { name: 'first' });
    await inForce();
    expect(await statusWith({})).toBe(401);
    expect(await statusWith(bearer(key))).toBe(200);
    await keys.revoke('first');
    await inForce();
    expect(await statusWith(bearer(key))).toBe(401);
    expect(await statusWith({})).toBe(401);
  });
});

describe('a key', () => {
  it('is refused with one character changed, or with the id of another', async () => {
    const [key, other] = [await createKey(app, { name: 'a' }), await createKey(app, { name: 'b' })];
    await inForce();
    expect(await statusWith(bearer(key))).toBe(200);
    const changed = key.slice(0, -1) + (key.endsWith('A') ? 'B' : 'A');
    for (const wrong of [changed, key.slice(0, 23) + other.slice(23), '', 'Bearer', key.slice(6)]) {
      expect(await statusWith(bearer(wrong))).toBe(401);
      expect(await statusWith({ 'x-api-key': wrong })).toBe(401);
    }
  });

  it('is refused when it has expired', async () => {
    const key = await createKey(app, { name: 'short', expiresAt: new Date(Date.now() + 2_500) });
    await inForce();
    expect(await statusWith(bearer(key))).toBe(200);
    await sleep(1_600);
    expect(await statusWith(bearer(key))).toBe(401);
  });

  it('and its predecessor are valid during the overlap', async () => {
    const before = await createKey(app, { name: 'rotating', scope: 'read' });
    const { key: after, scope } = await keys.rotate('rotating', 60_000, null);
    await inForce();
    expect(scope).toBe('read');
    expect([await statusWith(bearer(before)), await statusWith(bearer(after))]).toEqual([200, 200]);
    const { key: third } = await keys.rotate('rotating', 0, null);
    await inForce();
    const statuses = await Promise.all([before, after, third].map((key) => statusWith(bearer(key))));
    expect(statuses).toEqual([200, 401, 200]);
    expect(await keys.revoke('rotating')).toBe(3);
  });

  it('is named as actor of its events', async () => {
    const key = await createKey(app, { name: 'test-runner-7' });
    await inForce();
    await app.send('PUT', agentPath('audited'), { xp: 5 }, bearer(key));
    await app.send('POST', BULK_UPDATE, { updates: { audited: { xp: 6 } } }, bearer(key));
    const events = await app.database.query("SELECT actor FROM agent_events WHERE agent_type = 'audited'");
    expect(events.length).toBeGreaterThan(1);
    for (const event of events) expect(event).toEqual({ actor: 'test-runner-7' });
  });

  it('is stored as a hash, with the time of its last use', async () => {
    const key = await createKey(app, { name: 'seen' });
    await inForce();
    await statusWith(bearer(key));
    const dump = JSON.stringify(await app.database.query('SELECT * FROM api_keys'));
    expect(dump).not.toContain(key.slice(-43));
    const lastUsed = async () => (await keys.list()).find(({ name }) => name === 'seen')?.last_used_at;
    expect(await lastUsed()).toBeNull();
    await app.app.get(KeyUsage, { strict: false }).write();
    expect(Date.now() - ((await lastUsed())?.getTime() ?? 0)).toBeLessThan(60_000);
  });
});

describe('invalid keys', () => {
  const request = { name: 'twice', scope: 'write', expiresAt: null } as const;

  it.each([
    ['a name with a space', { ...request, name: 'a b' }, /name must be 1 to 64/],
    ['an end that has passed', { ...request, expiresAt: new Date('2020-01-01') }, /is in the past/],
  ])('%s is refused', async (_, wrong, reason) => {
    await expect(keys.create(wrong)).rejects.toThrow(reason);
  });

  it('one of two concurrent keys with the same name is refused', async () => {
    const made = await Promise.allSettled([keys.create(request), keys.create(request)]);
    expect(made.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(keys.create(request)).rejects.toThrow('A key with the name twice exists');
  });

  it('unknown keys are refused', async () => {
    await expect(keys.revoke('nobody')).rejects.toThrow(/No current key .* "nobody"/);
    await expect(keys.rotate('nobody', 0, null)).rejects.toThrow(/No current key .* "nobody"/);
  });
});

describe('a request with another Host, while no key exists', () => {
  it('is refused, because of DNS rebinding', async () => {
    const open = await startTestApp();
    const status = async (host: string) =>
      (await sendRaw(open.url, `GET ${AGENTS} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`))?.status;
    try {
      expect(await status('localhost:8000')).toBe(200);
      expect(await status('rebound.example.org:8000')).toBe(401);
    } finally {
      await open.close();
    }
  });
});

describe('ADMIN_KEY', () => {
  it('has all scopes, and protects the service although no other key exists', async () => {
    const adminKey = 'a-key-of-the-container-0123456789abcdef';
    const protectedApp = await startTestApp({ ADMIN_KEY: adminKey });
    const status = async (headers: Record<string, string>) =>
      (await protectedApp.send('DELETE', agentPath('guardian', 'reset'), undefined, headers)).status;
    try {
      expect(await status({})).toBe(401);
      expect(await status(bearer(`${adminKey}x`))).toBe(401);
      expect(await status(bearer(adminKey))).toBe(200);
      const [event] = await protectedApp.database.query('SELECT actor FROM agent_events ORDER BY id DESC LIMIT 1');
      expect(event).toEqual({ actor: 'env:ADMIN_KEY' });
    } finally {
      await protectedApp.close();
    }
  });
});

describe('AUTH=off', () => {
  it('allows everyone, although a key exists', async () => {
    const off = await startTestApp({ AUTH: 'off', HOST: '0.0.0.0' });
    try {
      const headers = bearer(await createKey(off, { name: 'small', scope: 'read' }));
      expect((await off.send('DELETE', agentPath('guardian', 'reset'))).status).toBe(200);
      expect((await off.send('DELETE', agentPath('guardian', 'reset'), undefined, headers)).status).toBe(200);
    } finally {
      await off.close();
    }
  });
});

describe('while the database is unavailable', () => {
  it('keys that may have been revoked allow nobody', async () => {
    const away = await startTestApp();
    const key = await createKey(away, { name: 'any' });
    expect((await away.send('GET', '/nowhere', undefined, bearer(key))).status).toBe(404);
    await away.database.query('ALTER TABLE api_keys RENAME TO api_keys_away');
    await inForce();
    expect((await away.send('GET', '/nowhere', undefined, bearer(key))).status).toBe(500);
    await away.close();
  });
});
