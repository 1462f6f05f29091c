import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { buildClientConfig } from '../../src/database/client/client.js';
import { runCli } from '../support/run-cli.js';
import { startTestCluster, type TestCluster } from '../support/test-cluster.js';
import { createDatabase, type CrashDatabase } from './crash-database.js';
import { Instance } from './instance.js';
import { ROUNDS, SCENARIO_LIMIT_MS } from './rounds.js';

/** Events of the agent, besides its creation. */
const EVENTS = 50_000;
const FILL_LIMIT_MS = 300_000;
const NAMES = ['one', 'two'] as const;

let cluster: TestCluster;
let database: CrashDatabase;
let instance: Instance;
let client: pg.Client;
beforeAll(async () => {
  cluster = await startTestCluster({ durable: true });
  database = await createDatabase(cluster);
  instance = await Instance.start(database.url, { STATEMENT_TIMEOUT: '120' });
  client = new pg.Client(buildClientConfig(database.connection));
  await client.connect();
  await fill('one');
}, FILL_LIMIT_MS);
afterAll(async () => {
  await client.end();
  await instance.kill();
  await cluster.stop();
});

async function fill(agentType: string): Promise<void> {
  const lines = Array.from({ length: EVENTS }, (_, index) =>
    JSON.stringify({ id: `r${index}`, agent_type: agentType, passed: index % 3 > 0, score: index % 100, duration: 1 }),
  );
  const headers = { 'content-type': 'application/x-ndjson' };
  const response = await fetch(`${instance.url}/api/agent-metrics/results`, {
    method: 'POST',
    headers,
    body: lines.join('\n'),
  });
  const outcomes = (await response.text()).trim().split('\n');
  expect(outcomes.filter((line) => line.includes('"recorded"'))).toHaveLength(EVENTS);
}

/** Rows of each table with each name. */
async function count(): Promise<Record<string, Record<string, number>>> {
  const found: Record<string, Record<string, number>> = {};
  for (const table of [
    'agent_metrics',
    'agent_events',
    'test_rollups_by_hour',
    'test_rollups_by_kind',
    'agent_aliases',
  ]) {
    const key = table === 'agent_aliases' ? 'name' : 'agent_type';
    const { rows } = await client.query<{ name: string; count: number }>(
      `SELECT ${key} AS name, count(*)::integer FROM ${table} WHERE ${key} = ANY($1) GROUP BY 1`,
      [NAMES],
    );
    found[table] = Object.fromEntries(rows.map((row) => [row.name, row.count]));
  }
  return found;
}

/** Starts a request, and kills the service, or the session that executes it, at a time up to `longestMs`. */
async function interrupt(method: string, path: string, body: object, round: number, longestMs: number): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const request = fetch(`${instance.url}/api/agent-metrics/${path}`, { method, headers, body: JSON.stringify(body) });
  const settled = request.then(
    async (response) => response.text(),
    () => null,
  );
  await sleep(Math.random() * longestMs);
  if (round % 2 === 0) {
    await instance.kill();
    await settled;
    // The server notices the end of the connection when its statement ends.
    await untilIdle();
    await instance.startAgain();
  } else {
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()",
    );
    await settled;
  }
}

async function untilIdle(): Promise<void> {
  for (;;) {
    const { rows } = await client.query(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
    if (rows.length === 0) return;
    await sleep(50);
  }
}

async function expectVerified(): Promise<void> {
  const { code, stdout, stderr } = await runCli(['verify'], { DATABASE_URL: database.url });
  expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
}

it(
  'a rename that is killed is done or not',
  async () => {
    let name: (typeof NAMES)[number] = 'one';
    let renames = 0;
    for (let round = 0; round < ROUNDS * 2; round++) {
      const other: (typeof NAMES)[number] = name === 'one' ? 'two' : 'one';
      await interrupt('POST', `${name}/rename`, { agent_type: other }, round, 3_000);
      const { agent_metrics: rows = {}, agent_events: events = {}, agent_aliases: aliases, ...rollups } = await count();
      if (rows[other] === 1) {
        name = other;
        renames += 1;
      }
      expect(rows).toEqual({ [name]: 1 });
      expect(events).toEqual({ [name]: 1 + EVENTS + renames });
      for (const table of Object.values(rollups)) expect(Object.keys(table)).toEqual([name]);
      expect(aliases).toEqual(renames === 0 ? {} : { [name === 'one' ? 'two' : 'one']: 1 });
    }
    await expectVerified();
  },
  SCENARIO_LIMIT_MS * 3,
);

it(
  'an erasure that is killed is done or not',
  async () => {
    const before = await count();
    const [name = ''] = Object.keys(before['agent_metrics'] ?? {});
    let erased = false;
    for (let round = 0; round < ROUNDS * 2 && !erased; round++) {
      await interrupt('DELETE', name, { agent_type: name, reason: 'by request' }, round, 1_000);
      const found = await count();
      const { rows: tombstones } = await client.query<{ events: number }>(
        'SELECT events::integer FROM agent_tombstones',
      );
      erased = tombstones.length > 0;
      if (!erased) expect(found).toEqual(before);
      else {
        expect(tombstones).toEqual([{ events: before['agent_events']?.[name] }]);
        for (const table of Object.values(found)) expect(table).toEqual({});
      }
    }
    await expectVerified();
  },
  SCENARIO_LIMIT_MS * 3,
);
