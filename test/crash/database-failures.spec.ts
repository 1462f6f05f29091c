import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCustodyTest } from '../factories/custody-test.factory.js';
import { runSql } from '../support/run-sql.js';
import { startTestCluster, type TestCluster } from '../support/test-cluster.js';
import { type CrashDatabase, createDatabase } from './crash-database.js';
import { Instance } from './instance.js';
import { killServer } from './kill-server.js';
import { randomPause } from './pauses.js';
import { sendResult } from './result-client.js';
import { ROUNDS, SCENARIO_LIMIT_MS } from './rounds.js';
import { runScenario } from './scenario.js';

const TERMINATE_ALL_OTHERS = `
  SELECT pg_terminate_backend(pid) FROM pg_stat_activity
   WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`;
/** They cost next to nothing, so there can be more of them. */
const TERMINATIONS_IN_A_ROUND = 10;
const RESULTS_BETWEEN_FAILURES = 25;
const LONGEST_PAUSE_MS = 150;
const TIME_TO_NOTICE_MS = 300;

let cluster: TestCluster;
let database: CrashDatabase;
let instance: Instance;
beforeAll(async () => {
  cluster = await startTestCluster({ durable: true });
  database = await createDatabase(cluster);
  instance = await Instance.start(database.url);
});
afterAll(async () => {
  await instance.kill();
  await cluster.stop();
});

describe('a service loses nothing and counts nothing twice', () => {
  it.each([
    {
      title: 'PostgreSQL is killed',
      name: 'database-killed',
      times: ROUNDS,
      fail: async () => {
        await killServer(cluster.dataDir);
        await randomPause(LONGEST_PAUSE_MS);
        await cluster.restart();
      },
    },
    {
      title: 'PostgreSQL is stopped at once and started again',
      name: 'database-restarted',
      times: ROUNDS,
      fail: () => cluster.restart(),
    },
    {
      title: 'all of its connections are terminated',
      name: 'connections-terminated',
      times: ROUNDS * TERMINATIONS_IN_A_ROUND,
      fail: () => runSql(database.connection, TERMINATE_ALL_OTHERS),
    },
  ])(
    'while $title, again and again',
    async ({ name, times, fail }) => {
      await runScenario({
        name,
        database,
        instances: [instance],
        fail: async (load) => {
          for (let time = 0; time < times; time++) {
            await load.whenAcknowledged(RESULTS_BETWEEN_FAILURES);
            await randomPause(LONGEST_PAUSE_MS);
            await fail();
          }
          await load.whenAcknowledged(RESULTS_BETWEEN_FAILURES);
          return times;
        },
      });
    },
    SCENARIO_LIMIT_MS,
  );

  it('while its idle connections are terminated', async () => {
    const request = { agentType: 'idle', key: randomUUID(), body: createCustodyTest() };
    expect(await sendResult(instance.url, request)).toMatchObject({ kind: 'acknowledged', replayed: false });
    await runSql(database.connection, TERMINATE_ALL_OTHERS);
    await sleep(TIME_TO_NOTICE_MS);
    expect(await sendResult(instance.url, request)).toMatchObject({ kind: 'acknowledged', replayed: true });
  });

  it('and has lived through all of it, and stops in order', () => instance.stop());
});
