import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Instance } from '../crash/instance.js';
import { post } from '../crash/post.js';
import { createCustodyTest } from '../factories/custody-test.factory.js';
import { type RetryingProxy, startRetryingProxy } from '../support/retrying-proxy.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { agentPath } from './support/paths.js';

const CLIENTS = 8;
const AGENTS = 4;
const LONGEST_PAUSE_MS = 80;
const RESTARTS = 2;
const RESULTS_BETWEEN_RESTARTS = 50;
const ANSWER_LIMIT_MS = 20_000;

let database: TestDatabase;
let instances: Instance[];
let proxy: RetryingProxy;
beforeAll(async () => {
  database = await createTestDatabase();
  instances = await Promise.all([1, 2].map(() => Instance.start(database.url, { CONNECTION_POOL_SIZE: '2' })));
  proxy = await startRetryingProxy(instances.map(({ url }) => url));
});
afterAll(async () => {
  await proxy.close();
  for (const instance of instances) await instance.kill();
  await database.drop();
});

it('a rolling restart under load ends no request and loses no write', async () => {
  let acknowledged = 0;
  let restarting = true;
  const refused: string[] = [];
  const client = async (number: number): Promise<void> => {
    const path = `${proxy.url}${agentPath(`restarted-${number % AGENTS}`, 'custody-test')}`;
    while (restarting) {
      const { status, text } = await post(path, {}, createCustodyTest(), ANSWER_LIMIT_MS);
      if (status === 200) acknowledged += 1;
      else refused.push(`${status} ${text}`);
      await sleep(Math.random() * LONGEST_PAUSE_MS);
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_, number) => client(number));
  for (let restart = 0; restart < RESTARTS; restart++) {
    const goal = acknowledged + RESULTS_BETWEEN_RESTARTS;
    while (acknowledged < goal && refused.length === 0) await sleep(5);
    const instance = instances[restart % instances.length];
    await instance?.stop();
    await instance?.startAgain();
  }
  restarting = false;
  await Promise.all(clients);

  expect({ cut: proxy.cut, refused }).toEqual({ cut: [], refused: [] });
  const [ledger] = await database.query<{ tests: number }>(
    `SELECT count(*)::integer AS tests FROM agent_events WHERE type = 'custody_test'`,
  );
  expect(ledger?.tests).toBe(acknowledged);
});
