import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runCli } from '../support/run-cli.js';
import { startTestCluster, type TestCluster } from '../support/test-cluster.js';
import { createDatabase } from './crash-database.js';
import { Instance } from './instance.js';
import { randomPause } from './pauses.js';
import { ROUNDS, SCENARIO_LIMIT_MS } from './rounds.js';
import { runScenario } from './scenario.js';

const RESULTS_BETWEEN_KILLS = 50;
const LONGEST_PAUSE_MS = 200;

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startTestCluster({ durable: true });
});
afterAll(() => cluster.stop());

it(
  'workers that are killed again and again lose nothing and count nothing twice',
  async () => {
    const database = await createDatabase(cluster);
    const instance = await Instance.start(database.url, { WORKERS: '2', LOG_LEVEL: 'info' });
    try {
      await runScenario({
        name: 'workers-killed',
        database,
        instances: [instance],
        fail: async (load) => {
          for (let round = 0; round < ROUNDS; round++) {
            await load.whenAcknowledged(RESULTS_BETWEEN_KILLS);
            await randomPause(LONGEST_PAUSE_MS);
            await instance.killWorker((round % 2) + 1);
            // The other one continues.
            await load.whenAcknowledged(RESULTS_BETWEEN_KILLS);
          }
          return ROUNDS;
        },
      });
      await instance.stop();
    } finally {
      await instance.kill();
    }
    expect(await runCli(['verify'], { DATABASE_URL: database.url })).toMatchObject({ code: 0 });
  },
  SCENARIO_LIMIT_MS,
);
