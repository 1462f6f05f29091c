import { afterAll, beforeAll, it } from '@jest/globals';
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
  'a service that is killed and started again and again loses nothing and counts nothing twice',
  async () => {
    const database = await createDatabase(cluster);
    const instance = await Instance.start(database.url);
    try {
      await runScenario({
        name: 'service-killed',
        database,
        instances: [instance],
        fail: async (load) => {
          for (let round = 0; round < ROUNDS; round++) {
            await load.whenAcknowledged(RESULTS_BETWEEN_KILLS);
            await randomPause(LONGEST_PAUSE_MS);
            await instance.kill();
            await instance.startAgain();
          }
          await load.whenAcknowledged(RESULTS_BETWEEN_KILLS);
          return ROUNDS;
        },
      });
    } finally {
      await instance.kill();
    }
  },
  SCENARIO_LIMIT_MS,
);
