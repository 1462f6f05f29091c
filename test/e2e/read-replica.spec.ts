import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { addressOf, startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { startTestService } from '../support/test-service.js';
import { agentPath, AGENTS, ANALYTICS, CUSTODY, custodyPath, EXPORT, LEADERBOARD } from './support/paths.js';

const RETURN_LIMIT_MS = 30_000;
const RESULT = { passed: true, score: 95, duration: 120 };
const GUARDIAN_EXPORT = `${EXPORT}?of=agents&agent_type=guardian`;
/** Tests of the guardian: the databases differ, which a replica and its primary do not, so that answers tell them apart. */
const ON_PRIMARY = 1;
const ON_REPLICA = 3;

let replica: TestDatabase;
let proxy: TcpProxy;
let test: TestApp;
beforeAll(async () => {
  replica = await createTestDatabase();
  const filler = await startTestService({}, replica);
  for (let number = 0; number < ON_REPLICA; number++) await filler.service.updateCustodyTestResult('guardian', RESULT);
  await filler.stop();
  proxy = await startTcpProxy(addressOf(replica.connection));
  proxy.cut();
  const url = new URL(replica.url);
  url.searchParams.delete('host');
  url.searchParams.delete('port');
  Object.assign(url, { hostname: '127.0.0.1', port: String(proxy.port) });
  test = await startTestApp({ DATABASE_URL: replica.url, DATABASE_REPLICA_URL: url.href });
  expect((await test.send('POST', agentPath('guardian', 'custody-test'), RESULT)).status).toBe(200);
});
afterAll(async () => {
  await test.close();
  await proxy.close();
  await replica.drop();
});

/** How many tests the answer says that there are, or that there must have been for so many XP: 10 each. */
async function testsIn(path: string): Promise<number> {
  const { status, body } = await test.send('GET', path);
  expect({ path, status }).toEqual({ path, status: 200 });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const [, tests, xp] = /"(?:total_tests(?:_given)?|tests)":(1|3)\b|"xp":(1|3)0\b/.exec(text) ?? [];
  return Number(tests ?? xp);
}

async function untilReplicaServes(): Promise<void> {
  const deadline = Date.now() + RETURN_LIMIT_MS;
  while ((await testsIn(ANALYTICS)) !== ON_REPLICA) {
    if (Date.now() > deadline) throw new Error('the replica is not asked again');
    await sleep(100);
  }
}

const MAY_BE_OF_A_MOMENT_AGO = [
  ANALYTICS,
  `${AGENTS}/trends`,
  agentPath('guardian', 'analytics'),
  agentPath('guardian', 'trends'),
  LEADERBOARD,
  `${LEADERBOARD}?around=guardian`,
  `${CUSTODY}/leaderboard`,
];

describe('with a replica', () => {
  it('that is unavailable from the start, the primary is used', async () => {
    for (const path of MAY_BE_OF_A_MOMENT_AGO) expect([path, await testsIn(path)]).toEqual([path, ON_PRIMARY]);
  });

  describe('that is available', () => {
    beforeEach(async () => {
      proxy.restore();
      await untilReplicaServes();
    });

    it.each(MAY_BE_OF_A_MOMENT_AGO)('%s is read from it', async (path) => {
      expect(await testsIn(path)).toBe(ON_REPLICA);
    });

    it.each([agentPath('guardian'), agentPath('guardian', 'custody'), custodyPath('guardian'), GUARDIAN_EXPORT])(
      '%s is read from the primary',
      async (path) => {
        expect(await testsIn(path)).toBe(ON_PRIMARY);
      },
    );

    it('an agent that it does not have yet is read from the primary', async () => {
      expect((await test.send('POST', agentPath('newcomer', 'custody-test'), RESULT)).status).toBe(200);
      for (const path of [agentPath('newcomer', 'analytics'), `${LEADERBOARD}?around=newcomer`]) {
        expect((await test.send('GET', path)).status).toBe(200);
      }
    });

    it('and becomes unavailable, the primary is used', async () => {
      proxy.cut();
      expect(await testsIn(agentPath('guardian', 'analytics'))).toBe(ON_PRIMARY);
      expect(await testsIn(LEADERBOARD)).toBe(ON_PRIMARY);
    });
  });
});
