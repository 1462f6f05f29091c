import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { buildClientConfig } from '../../src/database/client/client.js';
import { createCustodyTest, createFailedCustodyTest } from '../factories/custody-test.factory.js';
import { startTestCluster, type TestCluster } from '../support/test-cluster.js';
import { type CrashDatabase, createDatabase } from './crash-database.js';
import { Instance } from './instance.js';
import { MoodyReceiver } from './moody-receiver.js';
import { post } from './post.js';
import { sendResult } from './result-client.js';
import { ROUNDS, SCENARIO_LIMIT_MS } from './rounds.js';
import { checkMessages, type LedgerEvent } from './webhook-check.js';

const WRITERS = 3;
const AGENTS = 9;
const WRITER_PAUSE_MS = 300;
const PASSED = 0.7;
const SETTINGS = {
  WEBHOOK_ALLOW_PRIVATE: 'on',
  WEBHOOK_TIMEOUT: '0.5',
  WEBHOOK_RETRY_DELAYS: Array(50).fill('0.05').join(),
  // A gate closes 3.6 s after the last passed test, which happens to agents that rest.
  PROPOSAL_PASS_WINDOW_HOURS: '0.001',
};
const MESSAGES_BETWEEN_KILLS = 50;
/** The lease of a killed instance, and some time. */
const PAUSE_MAX_MS = 35_000;
const CATCH_UP_LIMIT_MS = 90_000;
const SHOWN_PROBLEMS = 20;

let cluster: TestCluster;
let database: CrashDatabase;
let instances: Instance[];
let receiver: MoodyReceiver;
beforeAll(async () => {
  cluster = await startTestCluster({ durable: true });
  database = await createDatabase(cluster);
  instances = await Promise.all([1, 2].map(() => Instance.start(database.url, SETTINGS)));
  receiver = await MoodyReceiver.start();
});
afterAll(async () => {
  for (const instance of instances) await instance.kill();
  await receiver.close();
  await cluster.stop();
});

/** Writes to agents in turns, so that each rests sometimes. */
async function write(writer: number, stopping: AbortSignal): Promise<void> {
  for (let number = writer; !stopping.aborted; number++) {
    const agentType = `hooked-${(Math.floor(number / 20) * WRITERS + writer) % AGENTS}`;
    const body = Math.random() < PASSED ? createCustodyTest() : createFailedCustodyTest();
    await sendResult(instances[number % 2]?.url ?? '', { agentType, key: randomUUID(), body });
    await sleep(Math.random() * WRITER_PAUSE_MS);
  }
}

async function whenReceived(more: number, limitMs: number): Promise<void> {
  const goal = receiver.accepted.length + more;
  const until = Date.now() + limitMs;
  while (receiver.accepted.length < goal) {
    if (Date.now() > until) throw new Error(`${receiver.accepted.length} of ${goal} messages were accepted in time`);
    await sleep(20);
  }
}

const EVENTS = `
  SELECT agent_type, version, encode(hash, 'hex') AS hash, type = 'custody_test' AND NOT (payload ->> 'passed')::boolean AS failed
    FROM agent_events ORDER BY agent_type, version`;
const ENDPOINT = `
  SELECT endpoint.*, (SELECT last_position FROM feed_state) AS end_position FROM webhook_endpoints endpoint`;

/** Waits until all messages were accepted, and no gate will close. */
async function readLedger(): Promise<LedgerEvent[]> {
  const client = new pg.Client(buildClientConfig(database.connection));
  await client.connect();
  try {
    const until = Date.now() + CATCH_UP_LIMIT_MS;
    for (;;) {
      const { rows } = await client.query<{ position: string; end_position: string }>(ENDPOINT);
      const [endpoint] = rows;
      const pause = Date.now() - (receiver.received.at(-1)?.at ?? 0);
      if (endpoint?.position === endpoint?.end_position && pause > 6_000) break;
      if (Date.now() > until) throw new Error(`not delivered in time: ${JSON.stringify(endpoint)}`);
      await sleep(200);
    }
    return (await client.query<LedgerEvent>(EVENTS)).rows;
  } finally {
    await client.end();
  }
}

it(
  'webhooks of two instances that are killed arrive at a failing receiver: each at least once, in order per agent',
  async () => {
    const began = Date.now();
    const created = await post(
      `${instances[0]?.url ?? ''}/api/webhooks`,
      {},
      {
        url: receiver.url,
        types: ['event.recorded', 'test.failed', 'eligibility.changed'],
        agents: ['hooked-*'],
      },
      10_000,
    );
    const { secret } = JSON.parse(created.text) as { secret: string };
    const stopping = new AbortController();
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer, stopping.signal));
    const pauses: number[] = [];
    try {
      await whenReceived(MESSAGES_BETWEEN_KILLS, PAUSE_MAX_MS);
      // The instance that delivers, or the other one: a failure ends the lease.
      for (let round = 0; round < ROUNDS + 1; round++) {
        const killed = instances[round % 2];
        const at = Date.now();
        await killed?.kill();
        await receiver.restart(Math.random() * 1_000);
        await killed?.startAgain();
        await whenReceived(MESSAGES_BETWEEN_KILLS, PAUSE_MAX_MS);
        pauses.push(receiver.longestPause(at));
      }
    } finally {
      stopping.abort();
      await Promise.all(writers);
    }
    const events = await readLedger();
    const hooked = events.filter(({ agent_type }) => agent_type.startsWith('hooked-'));
    const line = {
      scenario: 'webhooks-killed',
      kills: pauses.length,
      seconds: Math.round((Date.now() - began) / 1_000),
      results: hooked.length,
      'requests sent': receiver.received.length,
      retries: receiver.received.length - receiver.accepted.length,
      acknowledged: receiver.accepted.length,
      replayed: receiver.accepted.length - new Set(receiver.accepted.map(({ id }) => id)).size,
      'given up': `pauses ${pauses.map((pause) => (pause / 1_000).toFixed(1)).join('/')} s`,
      counted: receiver.accepted.filter(({ body }) => body.data['cause'] === 'time_limit').length,
    };
    await appendFile(process.env['CRASH_SUMMARY'] ?? '', `${JSON.stringify(line)}\n`);
    expect(checkMessages(receiver.received, hooked, secret).slice(0, SHOWN_PROBLEMS)).toEqual([]);
    expect(hooked.length).toBeGreaterThan(100);
    expect(Math.max(...pauses)).toBeLessThan(PAUSE_MAX_MS);
  },
  SCENARIO_LIMIT_MS + CATCH_UP_LIMIT_MS,
);
