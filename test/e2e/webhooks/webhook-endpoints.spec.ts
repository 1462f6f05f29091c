import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { startReceiver, type WebhookReceiver } from '../../support/webhook-receiver.js';
import { expectProblem } from '../support/problem.js';

const PATH = '/api/webhooks';
const ENDPOINT = { url: 'https://example.com/hook', types: ['test.failed'] };
const UNKNOWN = '0193b7a2-5f4e-7cc0-8a51-3a1f7c9d2e10';

let app: TestApp;
let receiver: WebhookReceiver;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  for (const { id } of await list()) await app.send('DELETE', `${PATH}/${id}`);
  await receiver.close();
});

const encode = (keys: unknown[]): string => Buffer.from(JSON.stringify(keys)).toString('base64url');
type Endpoint = Record<string, unknown> & { id: string };
const list = async (): Promise<Endpoint[]> =>
  ((await app.send('GET', PATH)).body as { endpoints: Endpoint[] }).endpoints;
const create = async (fields: object = {}): Promise<Endpoint & { secret: string }> => {
  const { status, body } = await app.send('POST', PATH, { ...ENDPOINT, ...fields });
  expect(status).toBe(201);
  const { endpoint, secret } = body as { endpoint: Endpoint; secret: string };
  return { ...endpoint, secret };
};

describe('webhook endpoints', () => {
  it('are created, listed, read, changed and deleted', async () => {
    const { secret, ...endpoint } = await create({ description: 'alerts', agents: ['guardian', 'team-a/*'] });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(endpoint).toEqual({
      ...ENDPOINT,
      id: expect.any(String),
      description: 'alerts',
      agents: ['guardian', 'team-a/*'],
      score_tests: 20,
      score_drop: 0.2,
      state: 'enabled',
      disabled_reason: null,
      disabled_at: null,
      position: expect.any(Number),
      failures: 0,
      retry_at: null,
      last_error: null,
      last_delivered_at: null,
      secrets: 1,
      created_at: expect.any(String),
      created_by: null,
    });
    expect(await list()).toEqual([endpoint]);
    const path = `${PATH}/${endpoint.id}`;
    expect((await app.send('GET', path)).body).toEqual({ status: 'success', endpoint });
    const changes = { types: ['event.recorded'], agents: null, description: null };
    expect((await app.send('PATCH', path, changes)).body).toEqual({
      status: 'success',
      endpoint: { ...endpoint, ...changes },
    });
    const disabled = (await app.send('PATCH', path, { enabled: false })).body as { endpoint: Endpoint };
    expect(disabled.endpoint).toMatchObject({ state: 'disabled', disabled_reason: 'manual' });
    expect((await app.send('DELETE', path)).status).toBe(204);
    expectProblem(await app.send('DELETE', path), 'webhook_not_found', path);
    expect(await list()).toEqual([]);
  });

  it('show a secret only when it is created', async () => {
    const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    const created = await create({ secret });
    expect(created.secret).toBe(secret);
    for (const path of [PATH, `${PATH}/${created.id}`]) {
      expect(JSON.stringify((await app.send('GET', path)).body)).not.toContain('whsec_');
    }
    const rotated = await app.send('POST', `${PATH}/${created.id}/rotate-secret`, {});
    expect(rotated.body).toMatchObject({ secret: expect.stringMatching(/^whsec_/), endpoint: { secrets: 2 } });
  });

  it.each([
    [{ url: 'http://example.com' }, 'url'],
    [{ url: 'https://127.0.0.1:5432' }, 'url'],
    [{ url: '' }, 'url'],
    [{ url: 5 }, 'url'],
    [{ url: undefined }, 'url'],
    [{ types: [] }, 'types'],
    [{ types: ['agent.*'] }, 'types'],
    [{ types: ['test.failed', 'test.failed'] }, 'types'],
    [{ types: 'test.failed' }, 'types'],
    [{ types: undefined }, 'types'],
    [{ agents: [] }, 'agents'],
    [{ agents: ['*'] }, 'agents.0'],
    [{ agents: [5] }, 'agents.0'],
    [{ score_tests: 0 }, 'score_tests'],
    [{ score_tests: 1.5 }, 'score_tests'],
    [{ score_tests: 51, types: ['score.dropped'] }, 'score_tests'],
    [{ score_drop: 0 }, 'score_drop'],
    [{ score_drop: 1.1 }, 'score_drop'],
    [{ secret: 'whsec_short' }, 'secret'],
    [{ secret: null }, 'secret'],
    [{ description: 'x'.repeat(501) }, 'description'],
    [{ enabled: true }, 'enabled'],
  ])('are refused with %j, naming %s', async (fields, field) => {
    const answer = await app.send('POST', PATH, { ...ENDPOINT, ...fields });
    expectProblem(answer, 'validation_failed', PATH);
    expect(answer.body).toMatchObject({ errors: [{ field }] });
    expect(await list()).toEqual([]);
  });

  it('are refused after the fiftieth', async () => {
    const creations = await Promise.all(Array.from({ length: 55 }, () => app.send('POST', PATH, ENDPOINT)));
    expect(creations.filter(({ status }) => status === 201)).toHaveLength(50);
    expect(creations.filter(({ status }) => status === 422)).toHaveLength(5);
  });

  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/test'],
    ['POST', '/replay'],
    ['POST', '/rotate-secret'],
    ['GET', '/deliveries'],
  ])('%s {id}%s of an unknown endpoint is 404', async (method, suffix) => {
    for (const id of [UNKNOWN, 'none', '%00', "'"]) {
      const body = method === 'GET' || method === 'DELETE' ? undefined : suffix === '/replay' ? { after: 0 } : {};
      const answer = await app.send(method, `${PATH}/${id}${suffix}`, body);
      expect([id, answer.status]).toEqual([id, 404]);
    }
  });

  it.each([
    [{}, 'after'],
    [{ after: 0, from: '2026-01-01T00:00:00Z' }, 'after'],
    [{ after: -1 }, 'after'],
    [{ after: 1_000_000 }, 'after'],
    [{ from: 'yesterday' }, 'from'],
  ])('refuse the replay %j, naming %s', async (body, field) => {
    const { id } = await create();
    const answer = await app.send('POST', `${PATH}/${id}/replay`, body);
    expect(answer.body).toMatchObject({ code: 'validation_failed', errors: [{ field }] });
  });

  it.each([
    'x',
    encode(['2026', 'msg_1']),
    encode(['infinity', 'msg_1']),
    encode(['0000-01-01T00:00:00.000000Z', 'msg_1']),
    encode(['2026-02-30T25:00:00.000000Z', 'msg_1']),
    encode(['2026-02-01T00:00:00.000000Z', 5]),
    encode(['2026-02-01T00:00:00.000000Z', '\u0000']),
    encode(['2026-02-01T00:00:00.000000Z']),
  ])('refuse the cursor %s of the delivery log', async (cursor) => {
    const { id } = await create();
    const answer = await app.send('GET', `${PATH}/${id}/deliveries?cursor=${cursor}`);
    expect(answer.body).toMatchObject({ code: 'validation_failed', errors: [{ field: 'cursor' }] });
  });

  it('at private addresses receive nothing, unless it is allowed', async () => {
    const { id } = await create();
    // As if the name had changed its address after the check of the URL.
    await app.database.query(`UPDATE webhook_endpoints SET url = '${receiver.url}' WHERE id = '${id}'`);
    const { body } = await app.send('POST', `${PATH}/${id}/test`);
    expect(body).toMatchObject({
      delivery: {
        delivered: false,
        status_code: null,
        error: 'The connection failed: 127.0.0.1 is not at a public address.',
      },
    });
    const local = receiver.url.replace('127.0.0.1', 'localhost');
    await app.database.query(`UPDATE webhook_endpoints SET url = '${local}' WHERE id = '${id}'`);
    const byName = await app.send('POST', `${PATH}/${id}/test`);
    expect(byName.body).toMatchObject({
      delivery: { error: 'The connection failed: localhost is not at a public address.' },
    });
    expect(receiver.received).toEqual([]);
  });

  it('are tested by a message', async () => {
    const other = await startTestApp({ WEBHOOK_ALLOW_PRIVATE: 'on' });
    const { body } = await other.send('POST', PATH, { ...ENDPOINT, url: receiver.url });
    const { endpoint, secret } = body as { endpoint: Endpoint; secret: string };
    const test = await other.send('POST', `${PATH}/${endpoint.id}/test`);
    const { delivery } = test.body as { delivery: { message_id: string } };
    expect(delivery).toMatchObject({ delivered: true, status_code: 204, error: null });
    expect(receiver.verify(secret)).toBe(1);
    expect(receiver.received[0]).toMatchObject({
      id: delivery.message_id,
      body: { type: 'webhook.test', data: { endpoint_id: endpoint.id } },
    });
    await other.close();
  });
});
