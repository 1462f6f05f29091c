import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWebhookService, type WebhookService, waitFor } from '../../support/webhook-service.js';

const AGENTS = 1_000;
const EVENTS = 10_000;
const LONG = 2_000;
const BATCH = 500;
const result = (index: number) => ({ passed: index % 3 !== 0, score: 80, duration: 1 });

let webhooks: WebhookService;
beforeAll(async () => {
  webhooks = await startWebhookService();
});
afterAll(() => webhooks.close());

const record = async (count: number, nameOf: (index: number) => string): Promise<void> => {
  for (let index = 0; index < count; index += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - index) }, (_, place) => index + place);
    await Promise.all(
      batch.map((number) => webhooks.test.service.updateCustodyTestResult(nameOf(number), result(number))),
    );
  }
};
const report = (text: string, startedAt: number, count: number): void => {
  const ms = performance.now() - startedAt;
  process.stdout.write(`${text}: ${Math.round(ms)} ms, ${Math.round((count / ms) * 1_000)}/s\n`);
};

describe('an endpoint that was disabled', () => {
  it(`receives ${EVENTS} events of ${AGENTS} agents, with bounded memory`, async () => {
    const { id } = await webhooks.create(['event.recorded', 'eligibility.changed', 'score.dropped'], {
      agents: ['many-*'],
      score_tests: 2,
    });
    await webhooks.endpoints.update(id, { enabled: false });
    await record(EVENTS, (index) => `many-${index % AGENTS}`);
    let heap = 0;
    let count = 0;
    webhooks.receiver.react = () => {
      if (++count % 500 === 0) heap = Math.max(heap, process.memoryUsage().heapUsed);
      return 204;
    };
    const before = process.memoryUsage().heapUsed;
    const startedAt = performance.now();
    await webhooks.endpoints.update(id, { enabled: true });
    const events = () => webhooks.receiver.received.filter(({ body }) => body.type === 'event.recorded').length;
    await waitFor(() => count > EVENTS && events() >= EVENTS + AGENTS, 240_000);
    report('backlog', startedAt, count);
    process.stdout.write(`heap before ${Math.round(before / 2 ** 20)} MB, at most ${Math.round(heap / 2 ** 20)} MB\n`);
    expect(events()).toBe(EVENTS + AGENTS);
    await webhooks.endpoints.delete(id);
  }, 400_000);

  it('begins within seconds after 2,000 events of an agent', async () => {
    webhooks.receiver.received.length = 0;
    webhooks.receiver.react = () => 204;
    await record(LONG, () => 'long');
    const { id } = await webhooks.create(['eligibility.changed', 'score.dropped', 'agent.level_up'], {
      agents: ['long'],
      score_tests: 2,
      score_drop: 0.3,
    });
    await record(3, () => 'long');
    const startedAt = performance.now();
    for (let index = 0; index < 4; index++) await webhooks.test.service.updateCustodyTestResult('long', result(0));
    await webhooks.receiver.until(() => webhooks.accepted().some((name) => name.startsWith('score.dropped')));
    report('first step', startedAt, 1);
    webhooks.receiver.received.length = 0;
    const replayedAt = performance.now();
    await webhooks.endpoints.replay(id, { after: 0 });
    await waitFor(async () => {
      const [row] = await webhooks.test.database.query<{ last: string }>(
        'SELECT last_position AS last FROM feed_state',
      );
      return (await webhooks.endpoints.get(id)).position >= Number(row?.last);
    }, 60_000);
    report('replay of an agent', replayedAt, LONG);
    expect(performance.now() - replayedAt).toBeLessThan(30_000);
  }, 120_000);
});
