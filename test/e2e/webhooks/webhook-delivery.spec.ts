import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { WebhookEndpointDto } from '../../../src/webhooks/api/dto/endpoint.dto.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { nameOf, startReceiver, type WebhookReceiver } from '../../support/webhook-receiver.js';

/** The last passed test counts for this time for the proposal gate. */
const WINDOW_MS = 3_600;
const RETRIES = '0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05,0.05';

let app: TestApp;
let receiver: WebhookReceiver;
let secret: string;
let id: string;

beforeAll(async () => {
  app = await startTestApp({
    WEBHOOK_ALLOW_PRIVATE: 'on',
    WEBHOOK_TIMEOUT: '0.3',
    WEBHOOK_RETRY_DELAYS: RETRIES,
    PROPOSAL_PASS_WINDOW_HOURS: '0.001',
  });
});
afterAll(() => app.close());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(async () => {
  await app.send('DELETE', `/api/webhooks/${id}`);
  await receiver.close();
});

const create = async (types: string[], options: object = {}): Promise<void> => {
  const { status, body } = await app.send('POST', '/api/webhooks', { url: receiver.url, types, ...options });
  expect(status).toBe(201);
  const created = body as { endpoint: WebhookEndpointDto; secret: string };
  ({ secret } = created);
  ({ id } = created.endpoint);
};
const read = async (): Promise<WebhookEndpointDto> => {
  const { body } = await app.send('GET', `/api/webhooks/${id}`);
  return (body as { endpoint: WebhookEndpointDto }).endpoint;
};
const record = async (agent: string, passed = true, details: object = {}): Promise<void> => {
  const test = { passed, score: passed ? 80 : 20, duration: 1, ...details };
  const { status } = await app.send('POST', `/api/agent-metrics/${agent}/custody-test`, test);
  expect(status).toBe(200);
};
const deliveries = async (query = ''): Promise<{ message_id: string; state: string; attempts: number }[]> => {
  const { body } = await app.send('GET', `/api/webhooks/${id}/deliveries${query}`);
  return (body as { deliveries: { message_id: string; state: string; attempts: number }[] }).deliveries;
};

describe('webhooks', () => {
  it('send every event, signed, in order, with the event as in the feed', async () => {
    await create(['event.recorded']);
    for (const agent of ['one', 'two', 'one']) await record(agent);
    await receiver.until(() => receiver.received.length === 5);
    expect(receiver.accepted().filter((name) => name.includes(' one '))).toEqual([
      'event.recorded one 1',
      'event.recorded one 2',
      'event.recorded one 3',
    ]);
    expect(receiver.verify(secret)).toBe(5);
    const last = receiver.received.find((message) => nameOf(message) === 'event.recorded one 3');
    const { body } = await app.send('GET', '/api/agent-metrics/one/events/3');
    const { voided_by, ...event } = (body as { event: { voided_by: unknown; recorded_at: string } }).event;
    expect(voided_by).toBeNull();
    expect(last?.body.data).toEqual({ ...event, agent_type: 'one', position: expect.any(Number) as unknown });
    expect(last?.body.timestamp).toBe(event.recorded_at);
    await waitFor(async () => (await read()).position === last?.body.data['position']);
    expect(await read()).toMatchObject({ state: 'enabled', failures: 0, last_error: null });
    expect(await deliveries()).toHaveLength(5);
  });

  it('send failed tests, level-ups, changed gates and dropped scores', async () => {
    await create(['test.failed', 'agent.level_up', 'eligibility.changed', 'score.dropped'], {
      agents: ['watched*'],
      score_tests: 2,
      score_drop: 0.5,
    });
    await record('ignored', false);
    for (const passed of [true, true, false, false, false, false]) await record('watched', passed);
    await app.send('PUT', '/api/agent-metrics/watched', { xp: 5_000 });
    await receiver.until(() => receiver.received.length === 8);
    expect(receiver.received.map(({ body: { type, data } }) => ({ ...data, type, requirements: [] }))).toEqual([
      expect.objectContaining({
        type: 'eligibility.changed',
        version: 2,
        gate: 'propose',
        eligible: true,
        cause: 'event',
      }),
      expect.objectContaining({ type: 'test.failed', version: 4 }),
      expect.objectContaining({ type: 'test.failed', version: 5 }),
      expect.objectContaining({ type: 'score.dropped', version: 5, tests: 2, pass_rate: 0, previous_pass_rate: 1 }),
      expect.objectContaining({ type: 'test.failed', version: 6 }),
      expect.objectContaining({ type: 'test.failed', version: 7 }),
      expect.objectContaining({ type: 'eligibility.changed', version: 7, gate: 'propose', eligible: false }),
      expect.objectContaining({ type: 'agent.level_up', version: 8, previous_level: 1, xp: 5_000 }),
    ]);
  });

  it('send a gate that closes because a time limit ends, once, also if something is recorded later', async () => {
    await create(['eligibility.changed'], { agents: ['idle'] });
    const startedAt = Date.now();
    await record('idle');
    await receiver.until(() => receiver.received.length === 2);
    expect(Date.now() - startedAt).toBeGreaterThan(WINDOW_MS);
    const [opened, closed] = receiver.received;
    expect(opened?.body.data).toMatchObject({ gate: 'propose', eligible: true, cause: 'event', version: 2 });
    expect(closed?.body.data).toMatchObject({
      gate: 'propose',
      eligible: false,
      cause: 'time_limit',
      version: 2,
      position: null,
    });
    const { body } = await app.send('GET', '/api/agent-metrics/idle');
    const { last_success } = (body as { metrics: { last_success: string } }).metrics;
    expect(Date.parse(closed?.body.timestamp ?? '')).toBe(Date.parse(last_success) + WINDOW_MS + 1);
    await record('idle');
    await receiver.until(() => receiver.received.length === 3);
    expect(receiver.received[2]?.body.data).toMatchObject({ eligible: true, cause: 'event', version: 3 });
  });

  it('are delivered to a receiver that fails, hangs, redirects and dies: each at least once, in order per agent', async () => {
    await create(['event.recorded']);
    const reactions = [500, 'hang', { status: 307, headers: { location: receiver.url } }, 'die', 404] as const;
    let count = 0;
    receiver.react = () => (count++ % 3 === 2 ? (reactions[Math.floor(count / 3) % reactions.length] ?? 500) : 200);
    const agents = ['a', 'b', 'c'];
    for (let index = 0; index < 10; index++) for (const agent of agents) await record(`hard-${agent}`);
    await receiver.until(() => new Set(receiver.accepted()).size === 33, 60_000);
    for (const agent of agents) {
      const expected = Array.from({ length: 11 }, (_, index) => `event.recorded hard-${agent} ${index + 1}`);
      const first = [...new Set(receiver.accepted().filter((name) => name.includes(`hard-${agent} `)))];
      expect(first).toEqual(expected);
    }
    expect(receiver.verify(secret)).toBeGreaterThan(33);
    const failed = (await deliveries()).filter(({ attempts }) => attempts > 1);
    expect(failed.length).toBeGreaterThan(0);
  });

  it('that one agent cannot receive do not delay those of others', async () => {
    await create(['event.recorded']);
    receiver.react = ({ body }) => (body.data['agent_type'] === 'poison' ? 400 : 200);
    await record('poison');
    await record('fine');
    await receiver.until(() => receiver.accepted().includes('event.recorded fine 2'));
    await waitFor(async () => (await deliveries('?state=failing')).length === 1);
    receiver.react = () => 200;
    await receiver.until(() => receiver.accepted().includes('event.recorded poison 2'));
    expect(receiver.accepted().filter((name) => name.includes('fine'))).toEqual([
      'event.recorded fine 1',
      'event.recorded fine 2',
    ]);
  });

  it('disable an endpoint that responds with 410, which continues without loss when it is enabled', async () => {
    await create(['event.recorded']);
    receiver.react = () => 410;
    await record('gone');
    await receiver.until(() => receiver.received.length > 0);
    await waitFor(async () => (await read()).state === 'disabled');
    expect(await read()).toMatchObject({ disabled_reason: 'gone', last_error: 'The response status is 410.' });
    receiver.react = () => 200;
    await record('gone');
    expect(receiver.accepted()).toEqual([]);
    await app.send('PATCH', `/api/webhooks/${id}`, { enabled: true });
    await receiver.until(() => receiver.accepted().length === 3);
    expect(await read()).toMatchObject({ state: 'enabled', disabled_reason: null, disabled_at: null });
  });

  it('disable an endpoint after the last attempt', async () => {
    await create(['test.failed']);
    receiver.react = () => 503;
    await record('down', false);
    await waitFor(async () => (await read()).state === 'disabled', 40_000);
    expect(await read()).toMatchObject({ disabled_reason: 'failing', failures: 21, retry_at: null });
    expect(receiver.received).toHaveLength(21);
    expect(new Set(receiver.received.map((message) => message.id)).size).toBe(1);
  });

  it('are replayed with the same ids', async () => {
    await create(['event.recorded']);
    for (let index = 0; index < 3; index++) await record('again');
    await receiver.until(() => receiver.accepted().length === 4);
    const before = receiver.received.map((message) => message.id);
    const second = receiver.received[1]?.body.data['position'] as number;
    const { status } = await app.send('POST', `/api/webhooks/${id}/replay`, { after: second });
    expect(status).toBe(200);
    await receiver.until(() => receiver.accepted().length === 6);
    expect(receiver.received.slice(4).map((message) => message.id)).toEqual(before.slice(2));
    const since = new Date(Date.now() - 3_600_000).toISOString();
    await app.send('POST', `/api/webhooks/${id}/replay`, { from: since });
    await receiver.until(() => receiver.accepted().filter((name) => name === 'event.recorded again 4').length === 3);
    await waitFor(async () => (await deliveries()).every(({ state }) => state === 'delivered'));
  });

  it('are signed by both secrets after a rotation, until the overlap ends', async () => {
    await create(['event.recorded']);
    const { body } = await app.send('POST', `/api/webhooks/${id}/rotate-secret`, { overlap_seconds: 60 });
    const { secret: newer } = body as { secret: string };
    await record('rotated');
    await receiver.until(() => receiver.received.length === 2);
    expect([receiver.verify(secret), receiver.verify(newer)]).toEqual([2, 2]);
    // Otherwise they may be sent again, with the secrets after the next rotation.
    await waitFor(async () => (await deliveries()).filter(({ state }) => state === 'delivered').length === 2);
    await app.send('POST', `/api/webhooks/${id}/rotate-secret`, { overlap_seconds: 0 });
    await record('rotated');
    await receiver.until(() => receiver.received.length === 3);
    expect(() => receiver.verify(newer)).toThrow('No matching signature found');
  });
});

async function waitFor(condition: () => Promise<boolean>, limitMs = 20_000): Promise<void> {
  const until = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > until) throw new Error('the condition did not hold in time');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
