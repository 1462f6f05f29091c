import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DatabaseConnection, parseDatabaseUrl } from '../../src/config/database-url.js';
import { type Pooler, startPooler } from '../support/pooler.js';
import { runCli } from '../support/run-cli.js';
import { stopClock } from '../support/stopped-clock.js';
import { addressOf } from '../support/tcp-proxy.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, AGENTS } from './support/paths.js';

const NOW = new Date('2025-01-25T12:34:56.789Z');
/** Settings of the database that change text, results or what is done; each alone broke answers or the ledger. */
const HOSTILE = [
  'DateStyle = SQL, DMY',
  "IntervalStyle = 'sql_standard'",
  "TimeZone = 'America/St_Johns'",
  'extra_float_digits = -15',
  "bytea_output = 'escape'",
  'standard_conforming_strings = off',
  'array_nulls = off',
  "default_transaction_isolation = 'serializable'",
  "session_replication_role = 'replica'",
  'synchronous_commit = off',
  "statement_timeout = '1h'",
];
const WRITES = [
  ['POST', `${agentPath('guardian')}/custody-test`, { passed: true, score: 83.33333333333333, duration: 0.1 }],
  ['POST', `${agentPath('guardian')}/custody-test`, { passed: false, score: 12.345678901234567, duration: 1e-7 }],
  ['POST', `${agentPath('sandbox')}/custody-test`, { passed: true, score: 99.99999999999999, duration: 1_234_567.891 }],
  [
    'PUT',
    agentPath('imperium'),
    { learning_score: 0.1234567890123456, xp: 5, config: { text: "back\\slash'", none: null } },
  ],
] as const;
const READS = [
  AGENTS,
  agentPath('guardian'),
  `${agentPath('guardian')}/custody`,
  `${AGENTS}/leaderboard`,
  `${AGENTS}/analytics/summary`,
  `${AGENTS}/export?of=events`,
  '/api/custody/agents',
  '/api/custody/agents/guardian/eligibility',
  '/api/custody/agents/guardian/schedule',
  '/api/custody/analytics',
];
/** Values that differ between databases: ids, hashes, and creation times of the default agents. */
const OWN = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}/g;
const OWN_TIME = /\b(?!2025-)\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)/g;

const comparable = (text: string) => text.replace(OWN, 'own').replace(OWN_TIME, 'time');

let pooler: Pooler;
let plain: string[];
beforeAll(async () => {
  pooler = await startPooler(addressOf(parseDatabaseUrl(process.env['TEST_SERVER'] ?? '')));
  plain = await answers(await open([], (connection) => connection));
});
afterAll(() => pooler.close());

async function open(settings: readonly string[], via: (connection: DatabaseConnection) => DatabaseConnection) {
  const app = await startTestApp({}, via, [], async (database) => {
    const { connection } = database;
    for (const setting of settings) await database.query(`ALTER DATABASE ${connection.database} SET ${setting}`);
  });
  stopClock(app.app, NOW);
  return app;
}

/** Responses to the writes and, after them, to the reads; and output of the CLI commands. */
async function answers(app: TestApp): Promise<string[]> {
  const all: string[] = [];
  const take = async (method: string, path: string, body?: unknown) => {
    const answer = await app.send(method, path, body);
    expect([path, answer.status]).toEqual([path, 200]);
    all.push(
      comparable(`${method} ${path} ${typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body)}`),
    );
  };
  for (const [method, path, body] of WRITES) await take(method, path, body);
  for (const path of READS) await take('GET', path);
  const commands = [['verify'], ['export', 'events'], ['export', 'agents', '--format', 'csv'], ['rebuild', '--all']];
  const results = await Promise.all(commands.map((args) => runCli(args, { DATABASE_URL: app.database.url })));
  expect(results.map(({ code }) => code)).toEqual(commands.map(() => 0));
  all.push(...results.map(({ stdout }) => comparable(stdout)));
  await app.close();
  return all;
}

describe('a database whose settings are hostile', () => {
  it.each([
    ['on connections of its own', (connection: DatabaseConnection) => connection],
    ['behind a pooler', (connection: DatabaseConnection) => ({ ...connection, host: '127.0.0.1', port: pooler.port })],
  ])('is written and read like any other, %s', async (_, via) => {
    expect(await answers(await open(HOSTILE, via))).toEqual(plain);
  });
});
