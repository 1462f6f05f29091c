import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { startWebhookService, waitFor, type WebhookService } from '../../support/webhook-service.js';

const HOUR_MS = 3_600_000;
const PASSED = { passed: true, score: 90, duration: 1 };

let webhooks: WebhookService;
let now: Date;
beforeAll(async () => {
  webhooks = await startWebhookService({ PROPOSAL_PASS_WINDOW_HOURS: '1' });
});
afterAll(() => webhooks.close());
const setTime = (time: Date): void => {
  now = time;
  webhooks.test.setClock(time);
};
const later = (ms: number): Date => new Date(now.getTime() + ms);
beforeEach(() => {
  webhooks.receiver.received.length = 0;
  webhooks.receiver.react = () => 204;
  setTime(new Date());
});
afterEach(async () => {
  for (const { id } of await webhooks.endpoints.list()) await webhooks.endpoints.delete(id);
});

const pass = async (agent: string): Promise<unknown> => webhooks.test.service.updateCustodyTestResult(agent, PASSED);
const closed = (): string[] => webhooks.accepted().filter((name) => name.endsWith('closed time_limit'));

describe('time limits', () => {
  it('of 1,200 agents that end at the same moment are each reported once, in bounded pages', async () => {
    const agents = Array.from({ length: 1_200 }, (_, index) => `same-${index}`);
    await webhooks.create(['eligibility.changed'], { agents: ['same-*'] });
    for (let index = 0; index < agents.length; index += 200)
      await Promise.all(agents.slice(index, index + 200).map(pass));
    await webhooks.receiver.until(() => webhooks.receiver.received.length === 1_200, 40_000);
    webhooks.receiver.react = () => (Math.random() < 0.005 ? 503 : 204);
    const startedAt = performance.now();
    setTime(later(HOUR_MS + 2_000));
    await webhooks.receiver.until(() => closed().length === 1_200, 60_000);
    process.stdout.write(`1,200 time limits: ${Math.round(performance.now() - startedAt)} ms\n`);
    expect(new Set(closed()).size).toBe(1_200);
    await sleep(3_000);
    const limits = webhooks.receiver.received.filter(
      ({ body, accepted }) => body.data['position'] === null && accepted,
    );
    expect(new Set(limits.map(({ id }) => id)).size).toBe(1_200);
    // Others of a page can be in flight when one fails.
    expect(limits.length).toBeLessThan(1_260);
  });

  it('are delivered after the events before them to an endpoint that was disabled, and once', async () => {
    const { id } = await webhooks.create(['event.recorded', 'eligibility.changed'], { agents: ['order-*'] });
    await webhooks.endpoints.update(id, { enabled: false });
    for (let index = 0; index < 250; index++) await pass(`order-${index % 3}`);
    setTime(later(HOUR_MS + 2_000));
    await webhooks.endpoints.update(id, { enabled: true });
    await webhooks.receiver.until(() => closed().length === 3, 40_000);
    const of = webhooks.accepted().filter((name) => name.includes(' order-1 '));
    expect(of.at(-1)).toMatch(/closed time_limit$/);
    expect(of.filter((name) => name.startsWith('event.recorded'))).toHaveLength(84);
    await pass('order-1');
    await webhooks.receiver.until(() => webhooks.accepted().at(-1)?.endsWith('opened event') === true);
    expect(closed()).toHaveLength(3);
  });

  it('are replayed, also of agents for which nothing was recorded since', async () => {
    const { id } = await webhooks.create(['eligibility.changed'], { agents: ['again'] });
    const begin = later(-1);
    await pass('again');
    setTime(later(HOUR_MS + 2_000));
    await webhooks.receiver.until(() => closed().length === 1);
    await webhooks.endpoints.replay(id, { from: begin });
    await webhooks.receiver.until(() => webhooks.receiver.received.length === 4);
    const names = webhooks.receiver.received.map((message) => message.id);
    expect(names.slice(2)).toEqual(names.slice(0, 2));
    await waitFor(async () =>
      (await webhooks.endpoints.listDeliveries(id)).items.every(({ state }) => state === 'delivered'),
    );
  });

  it('are not skipped by a replay that begins later', async () => {
    const { id } = await webhooks.create(['event.recorded', 'eligibility.changed'], { agents: ['skip'] });
    await webhooks.endpoints.update(id, { enabled: false });
    await pass('skip');
    setTime(later(HOUR_MS + 2_000));
    await pass('other');
    await webhooks.endpoints.replay(id, { from: later(HOUR_MS) });
    await webhooks.endpoints.update(id, { enabled: true });
    await webhooks.receiver.until(() => closed().length === 1);
    expect(webhooks.accepted()).toEqual([
      'event.recorded skip 1',
      'event.recorded skip 2',
      'eligibility.changed skip 2 propose opened event',
      'eligibility.changed skip 2 propose closed time_limit',
    ]);
  });

  it('that ended before the type was selected are not reported', async () => {
    const { id } = await webhooks.create(['test.failed'], { agents: ['late-type', 'next'] });
    await pass('late-type');
    setTime(later(2 * HOUR_MS));
    await waitFor(async () => {
      const [row] = await webhooks.test.database.query<{ until: Date }>(
        'SELECT limits_checked_until AS until FROM webhook_endpoints',
      );
      return (row?.until.getTime() ?? 0) >= now.getTime() - 1_000;
    });
    await webhooks.endpoints.update(id, { types: ['eligibility.changed'] });
    await pass('next');
    await pass('late-type');
    await webhooks.receiver.until(() => webhooks.receiver.received.length === 2);
    expect([...webhooks.accepted()].sort()).toEqual([
      'eligibility.changed late-type 3 propose opened event',
      'eligibility.changed next 2 propose opened event',
    ]);
  });

  it('of a result that is committed late are reported', async () => {
    await webhooks.create(['eligibility.changed'], { agents: ['slow', 'fast'] });
    await pass('fast');
    await webhooks.receiver.until(() => webhooks.receiver.received.length === 1);
    const { service, dataSource } = webhooks.test;
    const timestamp = later(-HOUR_MS + 500);
    await dataSource.transaction(async (manager) => {
      await service.updateCustodyTestResult('slow', { ...PASSED, timestamp }, { manager });
      setTime(later(20_000));
      // The time limit ends, and the end is looked for, before the result is visible.
      await waitFor(async () => {
        const [row] = await webhooks.test.database.query<{ until: Date }>(
          'SELECT limits_checked_until AS until FROM webhook_endpoints',
        );
        return (row?.until.getTime() ?? 0) >= now.getTime() - 5_000;
      });
    });
    setTime(later(5_000));
    await webhooks.receiver.until(() => closed().length === 1);
    expect(closed()).toEqual(['eligibility.changed slow 2 propose closed time_limit']);
  });
});
