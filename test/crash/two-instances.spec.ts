import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createCustodyTest } from '../factories/custody-test.factory.js';
import { startTestCluster, type TestCluster } from '../support/test-cluster.js';
import { type CrashDatabase, createDatabase } from './crash-database.js';
import { Instance } from './instance.js';
import { checkLedger } from './ledger-check.js';
import { randomPause } from './pauses.js';
import { type Answer, type ResultRequest, sendResult } from './result-client.js';
import { ROUNDS, SCENARIO_LIMIT_MS } from './rounds.js';
import { runScenario } from './scenario.js';

const RESULTS_BETWEEN_KILLS = 50;
const LONGEST_PAUSE_MS = 200;
/** Keys that are sent to both instances at the same moment, all of them, of agents that nobody has created yet. */
const PAIRS = 60;
const PAIRS_OF_AN_AGENT = 6;

let cluster: TestCluster;
let database: CrashDatabase;
let instances: Instance[];
beforeAll(async () => {
  cluster = await startTestCluster({ durable: true });
  database = await createDatabase(cluster);
  instances = await Promise.all([1, 2].map(() => Instance.start(database.url)));
});
afterAll(async () => {
  for (const instance of instances) await instance.kill();
  await cluster.stop();
});

/** The one failure that may come of being many: nothing was changed by it. */
async function sendUnlessConflict(url: string, request: ResultRequest): Promise<Answer> {
  for (;;) {
    const answer = await sendResult(url, request);
    if (answer.kind !== 'unavailable' || answer.code !== 'write_conflict') return answer;
  }
}

describe('two instances on one database', () => {
  it('write once what comes to both with one key at the same moment', async () => {
    const requests = Array.from({ length: PAIRS }, (_, number) => ({
      agentType: `pair-${Math.floor(number / PAIRS_OF_AN_AGENT)}`,
      key: randomUUID(),
      body: createCustodyTest(),
    }));
    const sent = await Promise.all(
      requests.map(async (request) => {
        const answers = await Promise.all(instances.map(({ url }) => sendUnlessConflict(url, request)));
        const acknowledgements = answers.filter((answer) => answer.kind === 'acknowledged');
        return {
          ...request,
          attempts: answers.length,
          retries: 0,
          unknownOutcomes: 0,
          acknowledgements,
          isRefused: false,
        };
      }),
    );
    for (const { acknowledgements } of sent) {
      expect(acknowledgements.map(({ replayed }) => replayed).sort()).toEqual([false, true]);
    }
    const { counted, problems } = await checkLedger(database.connection, sent);
    expect(problems).toEqual([]);
    expect(counted).toBe(PAIRS);
  });

  it(
    'of which one is killed after the other lose nothing and count nothing twice',
    async () => {
      await runScenario({
        name: 'two-instances',
        database,
        instances,
        fail: async (load) => {
          let killed: Instance | undefined;
          for (let round = 0; round < ROUNDS; round++) {
            await killed?.startAgain();
            await load.whenAcknowledged(RESULTS_BETWEEN_KILLS);
            await randomPause(LONGEST_PAUSE_MS);
            killed = instances[round % instances.length];
            await killed?.kill();
            // The other one takes what was meant for it.
            await load.whenAcknowledged(RESULTS_BETWEEN_KILLS);
          }
          return ROUNDS;
        },
      });
    },
    SCENARIO_LIMIT_MS,
  );
});
