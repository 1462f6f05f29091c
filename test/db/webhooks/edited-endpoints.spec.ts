import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebhookEndpoint } from '../../../src/webhooks/index.js';
import { startWebhookService, waitFor, type WebhookService } from '../../support/webhook-service.js';

/** Diagnostics channel of the transactions of this process that start. */
const TRANSACTIONS = 'tracing:lvlup.transaction:start';
const PASSED = { passed: true, score: 90, duration: 1 };

let webhooks: WebhookService;
let good: WebhookEndpoint;
const warnings: string[] = [];
beforeAll(async () => {
  webhooks = await startWebhookService();
  good = await webhooks.create(['event.recorded', 'eligibility.changed'], { agents: ['good-*'] });
  for (const level of ['warn', 'error'] as const) {
    jest.spyOn(Logger.prototype, level).mockImplementation((text: unknown) => void warnings.push(String(text)));
  }
});
afterAll(async () => {
  jest.restoreAllMocks();
  await webhooks.close();
});

/** Manual changes of an endpoint, as SQL. */
const EDITS = [
  "url = 'no url'",
  "url = ''",
  "url = 'ftp://127.0.0.1/'",
  "types = '{nothing}'",
  "types = '{}'",
  "types = '{NULL}'",
  "agents = '{NULL,*,x**}'",
  "agents = '{}'",
  "secrets = 'null'",
  "secrets = '{}'",
  "secrets = '[]'",
  'secrets = \'[null, 5, {"secret": 5}, {"secret": "whsec_!", "expires_at": null}]\'',
  'secrets = \'[{"secret": "whsec_AAAA", "expires_at": "never"}]\'',
  'score_tests = -1',
  "score_drop = 'NaN'",
  'position = -5',
  'position = 9223372036854775807',
  "delivered_ahead = '{NULL,x}'",
  "limits_checked_until = 'infinity'",
  "limits_checked_until = '-infinity', since = '-infinity'",
  "since = 'infinity'",
  'failures = 1000000',
  "retry_at = '-infinity'",
];

describe('an endpoint whose row was edited manually', () => {
  it.each(EDITS)('to %s does not stop others, and can be read, changed and deleted', async (edit) => {
    warnings.length = 0;
    const { endpoints, test, receiver } = webhooks;
    const types = ['event.recorded', 'agent.level_up', 'eligibility.changed', 'score.dropped', 'test.failed'] as const;
    const { id } = await webhooks.create([...types], { agents: ['bad-*'] });
    await test.database.query(`UPDATE webhook_endpoints SET ${edit}, revision = revision + 1 WHERE id = '${id}'`);
    receiver.received.length = 0;
    const agent = `good-${EDITS.indexOf(edit)}`;
    await test.service.updateCustodyTestResult(`bad-${EDITS.indexOf(edit)}`, PASSED);
    await test.service.updateCustodyTestResult(agent, PASSED);
    await receiver.until(() => webhooks.accepted().includes(`eligibility.changed ${agent} 2 propose opened event`));
    await waitFor(async () => (await endpoints.get(good.id)).state === 'enabled');
    await sleep(300);
    expect((await endpoints.list()).map((endpoint) => endpoint.id)).toContain(id);
    await endpoints.sendTest(id);
    await endpoints.rotateSecret(id);
    await endpoints.update(id, { url: receiver.url, types: [...types], agents: null, enabled: true });
    await endpoints.replay(id, { after: 0 });
    await endpoints.delete(id);
    expect(warnings.filter((text) => text.includes(id)).length).toBeLessThan(4);
    expect(warnings.join()).not.toContain('whsec_');
  });

  it('does not repeat a delivery without a pause', async () => {
    warnings.length = 0;
    const { id } = await webhooks.create(['eligibility.changed'], { agents: ['bad-*'] });
    await webhooks.test.database.query(
      `UPDATE webhook_endpoints SET limits_checked_until = 'infinity', revision = revision + 1 WHERE id = '${id}'`,
    );
    await sleep(3_000);
    let transactions = 0;
    const count = () => {
      transactions++;
    };
    subscribe(TRANSACTIONS, count);
    await sleep(3_000);
    unsubscribe(TRANSACTIONS, count);
    // The lease of the good endpoint is renewed.
    expect(transactions).toBeGreaterThan(0);
    expect(transactions).toBeLessThan(12);
    expect(warnings.filter((text) => text.includes(id)).length).toBeLessThan(3);
    await webhooks.endpoints.delete(id);
  });
});

describe('events that were changed outside the service', () => {
  it.each([
    ["UPDATE agent_events SET payload = 'null' WHERE agent_type = $1 AND version = 3", 1],
    ["UPDATE agent_events SET payload = '[]' WHERE agent_type = $1 AND version = 3", 1],
    ['UPDATE agent_events SET payload = payload || \'{"timestamp": 5}\' WHERE agent_type = $1 AND version = 3', 1],
    ["UPDATE agent_events SET type = 'unknown' WHERE agent_type = $1 AND version = 3", 1],
    ['DELETE FROM agent_events WHERE agent_type = $1 AND version = 3', 0],
    ["UPDATE agent_events SET recorded_at = 'infinity' WHERE agent_type = $1 AND version = 3", 1],
    ['UPDATE agent_metrics SET version = version + 3 WHERE agent_type = $1', 1],
  ])('by %s do not stop the messages', async (sql, present) => {
    const { endpoints, test, receiver } = webhooks;
    warnings.length = 0;
    receiver.received.length = 0;
    receiver.react = () => 204;
    const agent = `changed-${Math.random().toString(36).slice(2, 8)}`;
    const { id } = await webhooks.create(
      ['event.recorded', 'test.failed', 'agent.level_up', 'eligibility.changed', 'score.dropped'],
      { agents: [agent, `${agent}-other`] },
    );
    await endpoints.update(id, { enabled: false });
    for (let index = 0; index < 4; index++) await test.service.updateCustodyTestResult(agent, PASSED);
    await test.database.query(sql, [agent]);
    await test.service.updateCustodyTestResult(`${agent}-other`, PASSED);
    await endpoints.update(id, { enabled: true });
    const versions = () => webhooks.accepted().filter((name) => name.startsWith(`event.recorded ${agent} `));
    await receiver.until(() => versions().length === 4 + present);
    await receiver.until(() => webhooks.accepted().includes(`event.recorded ${agent}-other 2`));
    expect(warnings.filter((text) => text.includes(id)).length).toBeLessThan(2);
    await endpoints.delete(id);
  });
});
