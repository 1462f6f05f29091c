import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { createCustodyTest } from '../factories/custody-test.factory.js';
import { addressOf } from '../support/tcp-proxy.js';
import { startTestCluster, type TestCluster } from '../support/test-cluster.js';
import { type CommitProxy, startCommitProxy, type Strike } from './commit-proxy.js';
import { type CrashDatabase, createDatabase } from './crash-database.js';
import { Instance } from './instance.js';
import { checkLedger } from './ledger-check.js';
import { sendResult } from './result-client.js';
import { ROUNDS, SCENARIO_LIMIT_MS } from './rounds.js';
import { runScenario } from './scenario.js';

/** `pg` waits for an answer 5 s longer than this. The server ends the transaction of a silent client earlier. */
const TIMEOUTS = { STATEMENT_TIMEOUT: '0.5', IDLE_IN_TRANSACTION_TIMEOUT: '2' };
const GIVEN_UP_WITHIN_MS = 9_000;

const BREAKS: readonly Strike[] = [
  { arrives: true, ending: 'close' },
  { arrives: false, ending: 'close' },
  { arrives: true, ending: 'reset' },
  { arrives: false, ending: 'reset' },
];
/** These last as long as the service waits for an answer, so they are few. */
const SILENT_BEFORE: Strike = { arrives: false, ending: 'silence' };
const SILENT_AFTER: Strike = { arrives: true, ending: 'silence' };
const ROUNDS_BETWEEN_SILENCES = 5;
const RESULTS_BETWEEN_STRIKES = 20;

let cluster: TestCluster;
let proxy: CommitProxy;
let database: CrashDatabase;
let instance: Instance;
beforeAll(async () => {
  cluster = await startTestCluster({ durable: true });
  database = await createDatabase(cluster);
  proxy = await startCommitProxy(addressOf(database.connection));
  const { user, password = '', database: name } = database.connection;
  instance = await Instance.start(`postgresql://${user}:${password}@127.0.0.1:${proxy.port}/${name}`, TIMEOUTS);
});
afterAll(async () => {
  await instance.kill();
  await proxy.close();
  await cluster.stop();
});

describe('a COMMIT whose outcome the service can not know', () => {
  it.each([...BREAKS, SILENT_BEFORE])(
    'is settled by the key: it arrives: $arrives, then comes a $ending',
    async (strike) => {
      const agentType = `${strike.ending}-${String(strike.arrives)}`;
      const request = { agentType, key: randomUUID(), body: createCustodyTest() };
      const struck = proxy.strikeNext(strike);
      const began = Date.now();
      const first = await sendResult(instance.url, request);
      expect(first).toMatchObject({ kind: 'unavailable', code: 'database_unavailable', isOutcomeUnknown: true });
      expect(Date.now() - began).toBeLessThan(GIVEN_UP_WITHIN_MS);
      await struck;
      const second = await sendResult(instance.url, request);
      expect(second).toMatchObject({ kind: 'acknowledged', replayed: strike.arrives });
      expect(await sendResult(instance.url, request)).toEqual({ ...second, replayed: true });
      const acknowledgements = second.kind === 'acknowledged' ? [second] : [];
      const sent = { ...request, attempts: 3, retries: 2, unknownOutcomes: 0, acknowledgements, isRefused: false };
      expect(await checkLedger(database.connection, [sent])).toEqual({ counted: 1, problems: [] });
    },
  );

  it(
    'loses nothing and counts nothing twice under load, again and again',
    async () => {
      await runScenario({
        name: 'lost-commits',
        database,
        instances: [instance],
        fail: async (load) => {
          let strikes = 0;
          const strike = async (next: Strike) => {
            await Promise.all([proxy.strikeNext(next), load.whenAcknowledged(RESULTS_BETWEEN_STRIKES)]);
            strikes += 1;
          };
          for (let round = 0; round < ROUNDS; round++) {
            for (const next of BREAKS) await strike(next);
            if ((round + 1) % ROUNDS_BETWEEN_SILENCES === 0) {
              await strike(SILENT_BEFORE);
              await strike(SILENT_AFTER);
            }
          }
          return strikes;
        },
      });
    },
    SCENARIO_LIMIT_MS,
  );

  it('leaves the service in order', () => instance.stop());
});
