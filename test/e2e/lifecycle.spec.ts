import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { KEY_PROPAGATION_MS } from '../../src/auth/key-ring.js';
import { PLATFORMS, startHostApp, type HostApp } from '../support/host-app.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { bearer, createKey } from './support/keys.js';
import { agentPath, BULK_UPDATE, custodyPath } from './support/paths.js';
import { expectProblem } from './support/problem.js';

const PASSED = { passed: true, score: 90, duration: 1 };

/** Sends a request, and does not follow a redirect. */
async function read(app: { url: string }, method: string, path: string, headers: Record<string, string> = {}) {
  const { status, headers: sent } = await fetch(app.url + path, { method, headers, redirect: 'manual' });
  return [status, sent.get('location')];
}

describe.each(PLATFORMS)('a renamed agent on %s', (platform) => {
  let app: HostApp;
  beforeAll(async () => {
    app = await startHostApp(platform, { policy: 'open', prefixes: ['v1/api'] });
    for (const agent of ['old', 'x/y']) await app.send('PUT', `/v1${agentPath(agent)}`, {});
    const { status, text } = await app.send('POST', `/v1${agentPath('old', 'rename')}`, {
      agent_type: 'openai/gpt-4o',
    });
    expect([status, JSON.parse(text)]).toMatchObject([
      200,
      { agent_type: 'openai/gpt-4o', updated_metrics: { version: 3 } },
    ]);
    await app.send('POST', `/v1${agentPath('x/y', 'rename')}`, { agent_type: 'z' });
  });
  afterAll(() => app.close());

  it.each([
    ['/v1/api/agent-metrics/old', '/v1/api/agent-metrics/openai%2Fgpt-4o'],
    ['/v1/api/agent-metrics/old/custody?x=%20', null],
    ['/v1/api/agent-metrics/old/custody', '/v1/api/agent-metrics/openai%2Fgpt-4o/custody'],
    ['/v1/api/custody/agents/old', '/v1/api/custody/agents/openai%2Fgpt-4o'],
    ['/v1/api/custody/agents/old/eligibility', '/v1/api/custody/agents/openai%2Fgpt-4o/eligibility'],
    ['/v1/api/custody/test/old/status', '/v1/api/custody/test/openai%2Fgpt-4o/status'],
    ['/v1/api/agent-metrics/x%2Fy', '/v1/api/agent-metrics/z'],
    ['/v1/api/agent-metrics/x%2fy/custody', '/v1/api/agent-metrics/z/custody'],
  ])('is read at its new name: %s', async (path, location) => {
    for (const method of ['GET', 'HEAD']) {
      const [status, found] = await read(app, method, path, { 'if-none-match': '"2"' });
      if (location !== null) expect([status, found]).toEqual([308, location]);
    }
    const followed = await app.send('GET', path);
    if (location !== null) expect([followed.status, JSON.parse(followed.text)]).toMatchObject([200, {}]);
  });

  it('is erased, and its names are available', async () => {
    await app.send('PUT', `/v1${agentPath('gone')}`, {});
    await app.send('POST', `/v1${agentPath('gone', 'rename')}`, { agent_type: 'gone/now' });
    const path = `/v1${agentPath('gone/now')}`;
    const request = { agent_type: 'gone/now', reason: 'by request' };
    expect((await app.send('DELETE', path, { ...request, agent_type: 'gone' })).status).toBe(400);
    expect((await app.send('DELETE', path)).status).toBe(400);
    expect((await app.send('DELETE', path, request, { 'if-match': '"1"' })).status).toBe(412);
    const { status, text } = await app.send('DELETE', path, request, { 'if-match': '"3"' });
    expect([status, JSON.parse(text)]).toMatchObject([200, { status: 'success', tombstone: { id: 1, events: 3 } }]);
    expect((await app.send('DELETE', path, request)).status).toBe(404);
    expect(await read(app, 'GET', `/v1${agentPath('gone')}`)).toEqual([404, null]);
    expect((await app.send('PUT', `/v1${agentPath('gone')}`, {})).status).toBe(201);
  });

  it('is not written at its old name', async () => {
    const { status, text } = await app.send('POST', `/v1${agentPath('old', 'custody-test')}`, PASSED);
    expect([status, JSON.parse(text)]).toMatchObject([409, { code: 'agent_renamed', agent_type: 'openai/gpt-4o' }]);
  });
});

describe('the life of an agent', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ API_KEYS_REQUIRED: 'true' });
  });
  afterAll(() => app.close());

  it('is changed by keys of the scope admin only', async () => {
    const writer = bearer(await createKey(app, { name: 'writer', scope: 'write' }));
    const admin = bearer(await createKey(app, { name: 'admin' }));
    await app.send('PUT', agentPath('a'), {}, admin);
    await app.send('PUT', agentPath('b'), {}, admin);
    const path = agentPath('a', 'rename');
    expectProblem(await app.send('POST', path, { agent_type: 'c' }, writer), 'scope_missing', path);
    expectProblem(await app.send('POST', path, { agent_type: 'b' }, admin), 'agent_exists', path);
    expectProblem(await app.send('POST', path, { agent_type: 'c', x: 1 }, admin), 'validation_failed', path, ['x']);
    const headers = { ...admin, 'idempotency-key': 'once', 'if-match': '"2"' };
    const first = await app.send('POST', path, { agent_type: 'c' }, headers);
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"3"']);
    const again = await app.send('POST', path, { agent_type: 'c' }, headers);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expectProblem(await app.send('PUT', agentPath('a'), {}, admin), 'agent_renamed', agentPath('a'));
    const erasure = { agent_type: 'b', reason: 'x' };
    expectProblem(await app.send('DELETE', agentPath('b'), erasure, writer), 'scope_missing', agentPath('b'));
    expect((await app.send('DELETE', agentPath('b'), erasure, admin)).status).toBe(200);
    expect(await app.database.query('SELECT actor, reason FROM agent_tombstones')).toEqual([
      { actor: 'admin', reason: 'x' },
    ]);
    expect(await app.database.query(`SELECT actor FROM agent_events WHERE type = 'renamed'`)).toEqual([
      { actor: 'admin' },
    ]);
  });

  it('is merged by keys of the scope admin only', async () => {
    const writer = bearer(await createKey(app, { name: 'merge-writer', scope: 'write' }));
    const admin = bearer(await createKey(app, { name: 'merge-admin' }));
    const limited = bearer(await createKey(app, { name: 'merge-limited', scope: 'admin', agents: ['part'] }));
    await sleep(KEY_PROPAGATION_MS);
    for (const agent of ['part', 'whole']) {
      expect((await app.send('POST', agentPath(agent, 'custody-test'), PASSED, admin)).status).toBe(200);
    }
    const path = agentPath('part', 'merge');
    expectProblem(await app.send('POST', path, { into: 'whole' }, writer), 'scope_missing', path);
    expectProblem(await app.send('POST', path, { into: 'part' }, admin), 'validation_failed', path, ['into']);
    expectProblem(await app.send('POST', path, { into: 1 }, admin), 'validation_failed', path, ['into']);
    expectProblem(await app.send('POST', path, { into: 'nobody' }, admin), 'agent_not_found', path);
    expectProblem(
      await app.send('POST', path, { into: 'whole' }, { ...admin, 'if-match': '"1"' }),
      'precondition_failed',
      path,
    );
    expectProblem(await app.send('POST', path, { into: 'whole' }, limited), 'agent_forbidden', path);
    const headers = { ...admin, 'idempotency-key': 'merge', 'if-match': '"2"' };
    const first = await app.send('POST', path, { into: 'whole' }, headers);
    expect([first.status, first.headers.get('etag'), first.body]).toMatchObject([
      200,
      '"3"',
      { agent_type: 'whole', updated_metrics: { total_tests_given: 2, custody_xp: 20 } },
    ]);
    const again = await app.send('POST', path, { into: 'whole' }, headers);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
    expect(await read(app, 'GET', agentPath('part'), admin)).toEqual([308, agentPath('whole')]);
    expectProblem(await app.send('PUT', agentPath('part'), {}, admin), 'agent_renamed', agentPath('part'));
    const { body } = await app.send('GET', `${agentPath('whole', 'events')}?type=merged`, undefined, admin);
    expect(body).toMatchObject({ events: [{ version: 3, payload: { source: { agent_type: 'part', version: 3 } } }] });
  });

  it('does not tell a limited key the new name', async () => {
    const limited = bearer(await createKey(app, { name: 'limited', scope: 'admin', agents: ['a'] }));
    const both = bearer(await createKey(app, { name: 'both', agents: ['a', 'c'] }));
    await sleep(KEY_PROPAGATION_MS);
    expect(await read(app, 'GET', agentPath('a'), limited)).toEqual([403, null]);
    for (const [method, path, body] of [
      ['PUT', agentPath('a'), {}],
      ['POST', agentPath('a', 'custody-test'), PASSED],
      ['POST', BULK_UPDATE, { updates: { a: {} } }],
      ['POST', agentPath('a', 'rename'), { agent_type: 'd' }],
      ['DELETE', agentPath('a'), { agent_type: 'a', reason: 'x' }],
    ] as const) {
      const answer = await app.send(method, path, body, limited);
      expectProblem(answer, 'agent_forbidden', path);
    }
    const { body } = await app.send(
      'POST',
      '/api/agent-metrics/results',
      [{ id: '1', agent_type: 'a', ...PASSED }],
      limited,
    );
    expect(body).toMatchObject({ results: [{ status: 'refused', problem: { code: 'agent_forbidden' } }] });
    expect(JSON.stringify(body)).not.toContain('"c"');
    expect(await read(app, 'GET', custodyPath('a'), both)).toEqual([308, custodyPath('c')]);
  });
});
