import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { startWebhookService, waitFor, type WebhookService } from '../../support/webhook-service.js';

const PASSED = { passed: true, score: 90, duration: 1 };
const EVENTS = 200;

let first: WebhookService;
let second: WebhookService;
let sending = 0;
let most = 0;
beforeAll(async () => {
  first = await startWebhookService();
});
afterAll(() => first.close());
beforeEach(async () => {
  second = await startWebhookService({}, first.test.database);
  first.receiver.received.length = 0;
  [sending, most] = [0, 0];
  first.receiver.react = async () => {
    most = Math.max(most, ++sending);
    await sleep(Math.random() * 10);
    sending--;
    return 204;
  };
});
afterEach(async () => {
  for (const { id } of await first.endpoints.list()) await first.endpoints.delete(id);
  await second.close();
});

const versionsOf = (agent: string): number[] =>
  first
    .accepted()
    .filter((name) => name.startsWith(`event.recorded ${agent} `))
    .map((name) => Number(name.split(' ')[2]));
const versions = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);
const lease = async (): Promise<string | null> => {
  const [row] = await first.test.database.query<{ leased_by: string | null }>(
    'SELECT leased_by FROM webhook_endpoints WHERE leased_until > clock_timestamp()',
  );
  return row?.leased_by ?? null;
};

describe('two instances on one database', () => {
  it('never deliver to an endpoint at the same time, also while it is changed at both', async () => {
    const { id } = await first.create(['event.recorded'], { agents: ['shared'] });
    for (let index = 0; index < EVENTS; index++) {
      const { test, endpoints } = index % 2 === 0 ? first : second;
      await test.service.updateCustodyTestResult('shared', PASSED);
      if (index % 10 === 0) await endpoints.update(id, { description: `change ${index}` });
    }
    await waitFor(() => versionsOf('shared').length === EVENTS + 1, 40_000);
    expect(versionsOf('shared')).toEqual(versions(EVENTS + 1));
    expect(most).toBe(1);
  });

  it('complete the message that is being sent when they stop, and the other one continues at once', async () => {
    let isSlow = true;
    const react = first.receiver.react;
    first.receiver.react = async (message) => {
      if (isSlow) await sleep(500);
      return react(message);
    };
    await second.endpoints.create({ url: first.receiver.url, types: ['event.recorded'], agents: ['stopped'] });
    await waitFor(async () => (await lease()) !== null);
    await first.test.service.updateCustodyTestResult('stopped', PASSED);
    await first.receiver.until(() => first.receiver.received.length === 1);
    // It created the endpoint, and delivers most likely.
    await second.test.stop();
    const stoppedAt = performance.now();
    isSlow = false;
    await waitFor(() => versionsOf('stopped').length === 2);
    expect(performance.now() - stoppedAt).toBeLessThan(5_000);
    expect(first.receiver.received).toHaveLength(2);
    expect(await first.endpoints.list()).toMatchObject([{ failures: 0, last_error: null }]);
  });

  it('take over an endpoint when its lease expires, not before', async () => {
    const { id } = await first.create(['event.recorded'], { agents: ['expired'] });
    await first.endpoints.update(id, { enabled: false });
    await waitFor(async () => (await lease()) === null);
    // As if an instance had been killed: nobody renews the lease.
    await first.test.database.query(
      `UPDATE webhook_endpoints SET disabled_reason = NULL, leased_by = gen_random_uuid(),
              leased_until = clock_timestamp() + interval '2 seconds'`,
    );
    await first.test.service.updateCustodyTestResult('expired', PASSED);
    const startedAt = performance.now();
    await waitFor(() => versionsOf('expired').length === 2);
    await waitFor(async () => (await first.endpoints.get(id)).position > 0);
    expect(performance.now() - startedAt).toBeGreaterThan(1_500);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(most).toBe(1);
    await sleep(1_000);
    expect(versionsOf('expired')).toEqual([1, 2]);
  });
});
