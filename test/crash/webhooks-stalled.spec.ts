import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCustodyTest } from '../factories/custody-test.factory.js';
import { startTestCluster, type TestCluster } from '../support/test-cluster.js';
import { startReceiver, type WebhookReceiver } from '../support/webhook-receiver.js';
import { createDatabase } from './crash-database.js';
import { Instance } from './instance.js';
import { post } from './post.js';
import { sendResult } from './result-client.js';

const SETTINGS = { WEBHOOK_ALLOW_PRIVATE: 'on', WEBHOOK_TIMEOUT: '2' };
/** More than a lease. */
const STALL_MS = 33_000;
const LIMIT_MS = 20_000;

let cluster: TestCluster;
let instances: Instance[] = [];
let receiver: WebhookReceiver;
beforeAll(async () => {
  cluster = await startTestCluster({ durable: true });
  const database = await createDatabase(cluster);
  instances = [];
  for (let count = 0; count < 2; count++) instances.push(await Instance.start(database.url, SETTINGS));
  receiver = await startReceiver();
});
afterAll(async () => {
  for (const instance of instances) await instance.kill();
  await receiver.close();
  await cluster.stop();
});

it('an instance that stalls for longer than its lease does not deliver when it continues', async () => {
  const [first, second] = instances;
  if (!first || !second) throw new Error('no instances');
  let sending = 0;
  let most = 0;
  receiver.react = async () => {
    most = Math.max(most, ++sending);
    await sleep(20);
    sending--;
    return 204;
  };
  const endpoint = { url: receiver.url, types: ['event.recorded'], agents: ['stalled'] };
  await post(`${first.url}/api/webhooks`, {}, endpoint, 10_000);
  const record = async (instance: Instance, count: number): Promise<void> => {
    for (let index = 0; index < count; index++) {
      await sendResult(instance.url, { agentType: 'stalled', body: createCustodyTest() });
    }
  };
  await record(first, 3);
  await receiver.until(() => receiver.accepted().length === 4, LIMIT_MS);
  await record(first, 100);
  await sleep(100);
  // The first one created the endpoint, and delivers most likely.
  first.signal('SIGSTOP');
  await sleep(STALL_MS);
  await record(second, 50);
  await sleep(200);
  first.signal('SIGCONT');
  await receiver.until(() => new Set(receiver.accepted()).size === 154, LIMIT_MS);
  expect([...new Set(receiver.accepted())].map((name) => Number(name.split(' ')[2]))).toEqual(
    Array.from({ length: 154 }, (_, index) => index + 1),
  );
  expect(most).toBe(1);
  // At most a slice, whose progress was not saved, is repeated.
  expect(receiver.received.length).toBeLessThan(154 + 100);
}, 120_000);
