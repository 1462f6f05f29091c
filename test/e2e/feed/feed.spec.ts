import { type IncomingMessage, request as requestOverHttp } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiKeys } from '../../../src/auth/api-keys.service.js';
import { AgentFeed, type FeedEvent } from '../../../src/feed/index.js';
import { type EventSource, openEventSource } from '../../support/event-source.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer, createKey } from '../support/keys.js';

const HEARTBEAT_MS = 200;
/** Each has one event. */
const DEFAULT_AGENTS = 4;

let app: TestApp;
const open: EventSource[] = [];
beforeAll(async () => {
  app = await startTestApp({ FEED_HEARTBEAT: String(HEARTBEAT_MS / 1_000), FEED_MAX_READERS: '5' });
  for (const agent of ['alpha', 'beta', 'alpha']) await record(agent);
});
afterEach(() => {
  for (const source of open.splice(0)) source.close();
});
afterAll(() => app.close());

const record = async (agent: string, details: object = {}): Promise<void> => {
  const { status } = await app.send('POST', `/api/agent-metrics/${agent}/custody-test`, {
    passed: true,
    score: 80,
    duration: 1,
    ...details,
  });
  expect(status).toBe(200);
};
const connect = async (query = '', headers: Record<string, string> = {}): Promise<EventSource> => {
  const source = await openEventSource(`${app.url}/api/feed${query}`, headers);
  open.push(source);
  return source;
};
const names = (source: EventSource) =>
  source.events<FeedEvent>().map(({ agent_type, version }) => `${agent_type} ${version}`);
const readers = () => app.app.get(AgentFeed, { strict: false }).readerCount;

describe('GET /api/feed', () => {
  it('streams all events from the start', async () => {
    const source = await connect('?from=start');
    expect([source.status, source.headers.get('content-type'), source.headers.get('cache-control')]).toEqual([
      200,
      'text/event-stream',
      'no-store, no-transform',
    ]);
    await source.until(() => source.events().length === DEFAULT_AGENTS + 5);
    expect(names(source).slice(DEFAULT_AGENTS)).toEqual(['alpha 1', 'alpha 2', 'beta 1', 'beta 2', 'alpha 3']);
    const last = source.messages.at(-1);
    const { body } = await app.send('GET', '/api/agent-metrics/alpha/events/3');
    const { voided_by, ...event } = (body as { event: Record<string, unknown> }).event;
    expect(voided_by).toBeNull();
    expect(last).toMatchObject({ id: expect.stringMatching(/^\d+$/), event: 'custody_test' });
    expect(JSON.parse(last?.data ?? '')).toEqual({ ...event, agent_type: 'alpha', position: Number(last?.id) });
  });

  it('streams new events by default, and resumes after the last id', async () => {
    const first = await connect();
    await first.until(() => first.messages.length > 0);
    expect(first.messages[0]).toEqual({ id: first.lastId(), event: undefined, data: undefined, comment: undefined });
    const start = first.lastId() ?? '';
    await record('gamma');
    await first.until(() => first.events().length === 2);
    first.close();
    await record('gamma');
    const second = await connect('?from=start&after=0', { 'last-event-id': first.lastId() ?? '' });
    await second.until(() => second.events().length === 1);
    expect([...names(first), ...names(second)]).toEqual(['gamma 1', 'gamma 2', 'gamma 3']);
    const again = await connect(`?after=${start}`);
    await again.until(() => again.events().length === 3);
    expect(names(again)).toEqual(['gamma 1', 'gamma 2', 'gamma 3']);
  });

  it('selects agents and types, and moves the id of a silent stream forward', async () => {
    const source = await connect('?from=start&agent_type=alpha&agent_type=nobody&type=custody_test');
    await source.until(() => source.events().length === 2);
    expect(names(source)).toEqual(['alpha 2', 'alpha 3']);
    const shown = source.lastId();
    await record('beta');
    await source.until(() => source.lastId() !== shown);
    const heartbeat = source.messages.at(-1);
    expect(heartbeat).toMatchObject({ comment: 'heartbeat', event: undefined });
    expect(Number(heartbeat?.id)).toBeGreaterThan(Number(shown));
    expect(source.events()).toHaveLength(2);
  });

  it.each([
    ['Last-Event-ID', '', { 'last-event-id': 'abc' }],
    ['Last-Event-ID', '', { 'last-event-id': '-1' }],
    ['Last-Event-ID', '', { 'last-event-id': '99999999' }],
    ['Last-Event-ID', '', { 'last-event-id': '1'.repeat(30) }],
    ['after', '?after=1.5', {}],
    ['after', '?after=99999999', {}],
    ['after', '?after=1&after=2', {}],
    ['from', '?from=tomorrow', {}],
    ['type', '?type=unknown', {}],
    ['type', '?type=created&type=unknown', {}],
    ['agent_type', '?agent_type=', {}],
    ['agent_type', `?${'agent_type=a&'.repeat(101)}`, {}],
    ['speed', '?speed=1', {}],
  ])('refuses an invalid %s (%#)', async (field, query, headers) => {
    const { status, body } = await app.send('GET', `/api/feed${query}`, undefined, headers);
    expect([status, (body as { errors: { field: string }[] }).errors.map((error) => error.field)]).toEqual([
      400,
      [field],
    ]);
  });

  it('responds to HEAD without a stream', async () => {
    const response = await fetch(`${app.url}/api/feed`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
      200,
      'text/event-stream',
      '',
    ]);
    expect((await fetch(`${app.url}/api/feed?after=x`, { method: 'HEAD' })).status).toBe(400);
    expect(readers()).toBe(0);
  });

  it('refuses more readers than FEED_MAX_READERS, until one disconnects', async () => {
    const sources = await Promise.all([1, 2, 3, 4, 5].map(() => connect()));
    expect(sources.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const { status, headers, body } = await app.send('GET', '/api/feed');
    expect([status, headers.get('retry-after'), body]).toEqual([
      503,
      '2',
      expect.objectContaining({ code: 'overloaded' }),
    ]);
    sources[0]?.close();
    for (let left = 100; readers() === 5 && left > 0; left--) await sleep(20);
    expect((await connect()).status).toBe(200);
  });

  it('reads only as fast as the client, whose position is its own', async () => {
    const item = { agent_type: 'large', passed: true, score: 1, duration: 1, ai_response: 'x'.repeat(7_000) };
    for (let batch = 0; batch < 6; batch++) {
      const items = Array.from({ length: 100 }, (_, index) => ({ ...item, id: `${batch} ${index}` }));
      const { body } = await app.send('POST', '/api/agent-metrics/results', items);
      expect(body).toMatchObject({ recorded: 100 });
    }
    const request = requestOverHttp(`${app.url}/api/feed?from=start`, { agent: false });
    request.end();
    const response = await new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
    response.pause();
    const quick = await connect('?from=start&agent_type=large');
    await quick.until(() => quick.events().length === 601);
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    response.resume();
    for (let left = 200; !text.includes('"version":601') && left > 0; left--) await sleep(20);
    const found = [...text.matchAll(/"agent_type":"large","version":(\d+)/g)].map(([, version]) => Number(version));
    expect(found).toEqual(Array.from({ length: 601 }, (_, index) => index + 1));
    request.destroy();
  });
});

describe('a stream with a key', () => {
  it('contains the agents of the key, and ends when the key is revoked', async () => {
    const admin = await createKey(app, { name: 'admin' });
    const key = await createKey(app, { name: 'limited', scope: 'read', agents: ['al*'] });
    await sleep(1_100);
    const source = await connect('?from=start', bearer(key));
    await source.until(() => source.events().length === 3);
    expect(names(source)).toEqual(['alpha 1', 'alpha 2', 'alpha 3']);
    expect((await connect('?agent_type=beta', bearer(key))).status).toBe(403);
    expect((await connect()).status).toBe(401);
    const { body } = await app.send('GET', '/api/agent-metrics', undefined, bearer(admin));
    expect(body).toBeDefined();
    await app.app.get(ApiKeys, { strict: false }).revoke('limited');
    for (let left = 500; !source.hasEnded() && left > 0; left--) await sleep(20);
    expect(source.hasEnded()).toBe(true);
  });
});
