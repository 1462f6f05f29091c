import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { migrate } from '../../src/database/schema/run-migrations.js';
import { verify } from '../../src/verification/verify.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath } from './support/paths.js';
import { sent } from './support/read.js';

/** Agents in each view of all agents. */
const VIEWS: [path: string, agentsOf: (body: never) => unknown[]][] = [
  ['/api/agent-metrics', (body: { agents: string[] }) => body.agents],
  ['/api/agent-metrics/leaderboard', (body: { leaderboard: object[] }) => body.leaderboard],
  ['/api/agent-metrics/leaderboard?around=odd', (body: { leaderboard: object[] }) => body.leaderboard],
  ['/api/custody/agents', (body: { agents: object[] }) => body.agents],
  ['/api/custody', (body: Data<Analytics>) => Object.keys(body.analytics.ai_specific_metrics)],
  ['/api/custody/analytics', (body: Data<Analytics>) => Object.keys(body.data.ai_specific_metrics)],
  ['/api/custody/live-analytics', (body: Data<object>) => Object.keys(body.data)],
  ['/api/custody/leaderboard', (body: Data<{ leaderboard: object[] }>) => body.data.leaderboard],
];
interface Data<T> {
  data: T;
  analytics: T;
}
interface Analytics {
  ai_specific_metrics: object;
}
const OF_ONE = [
  ...['', '/custody'].map((path) => agentPath('odd') + path),
  ...['', '/eligibility', '/difficulty', '/schedule', '/recommendations'].map(
    (path) => `/api/custody/agents/odd${path}`,
  ),
  ...['test/odd/status', 'eligibility/odd', 'difficulty/odd'].map((path) => `/api/custody/${path}`),
  '/api/custody/recommendations',
  '/api/agent-metrics/analytics/summary',
  ...['agents', 'events'].flatMap((of) =>
    ['ndjson', 'csv'].map((format) => `/api/agent-metrics/export?of=${of}&format=${format}`),
  ),
];

const score = (text: string) => `test_history = '[{"passed": true, "score": ${text}}]'`;
const TIMES = ['last_test_date', 'last_success', 'last_failure', 'last_learning_cycle', 'created_at', 'updated_at'];
const ODD = [
  ...['{}', 'null', '"x"', '7', '[null]', '[1, "x", null, [], {"passed": "yes"}]', '{"passed": true, "score": 50}'].map(
    (json) => `test_history = '${json}'`,
  ),
  ...['{}', 'null', '5'].flatMap((json) => [`learning_patterns = '${json}'`, `improvement_suggestions = '${json}'`]),
  ...['1e400', '-1e400', '1e-400', '"x"', 'null', '[1]'].map(score),
  ...TIMES.flatMap((time) => ['infinity', '0044-03-15 12:00:00+00 BC'].map((value) => `${time} = '${value}'`)),
  ...['-infinity', '10000-01-01 00:00:00+00', '294276-12-31 00:00:00+00'].flatMap((value) => [
    `created_at = '${value}'`,
    `last_success = '${value}', last_test_date = '${value}'`,
  ]),
  'custody_level = 0',
  'custody_level = -5',
  "current_difficulty = 'impossible'",
  'level = 0, xp = -5',
  'custody_xp = -5',
  'learning_score = 1e308',
  "capabilities = '\"text\"', config = '5'",
];
/** Such a row says of itself that it is older than its events, or that it has none. */
const ODD_VERSIONS = ['version = 0', 'version = -1', 'version = 0, ledger_hash = NULL'];

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  const constraints = await app.database.query<{ name: string }>(
    "SELECT conname AS name FROM pg_constraint WHERE conrelid = 'agent_metrics'::regclass AND contype = 'c'",
  );
  // As in a database that is older than they are.
  for (const { name } of constraints) await app.database.query(`ALTER TABLE agent_metrics DROP CONSTRAINT ${name}`);
});
afterAll(() => app.close());

describe('an irregular row', () => {
  let others = 0;
  beforeEach(async () => {
    await app.database.query("DELETE FROM agent_metrics WHERE agent_type = 'odd'");
    await sent(app, 'POST', agentPath('odd', 'custody-test'), { passed: true, score: 90, duration: 3 });
    others = await app.database.query('SELECT FROM agent_metrics').then((rows) => rows.length);
  });

  it.each([...ODD, ...ODD_VERSIONS])('with %s affects no other agent, and verify reports it', async (edit) => {
    await app.database.query(`UPDATE agent_metrics SET ${edit} WHERE agent_type = 'odd'`);

    for (const [path, agentsOf] of VIEWS) {
      const { status, body } = await app.send('GET', path);
      expect([path, status]).toEqual([path, 200]);
      expect([path, agentsOf(body as never).length]).toEqual([path, others]);
    }
    for (const path of OF_ONE) expect([path, (await app.send('GET', path)).status]).toEqual([path, 200]);
    const pages = await pagesOf('/api/custody/agents');
    expect(pages).toHaveLength(others);
    expect(pages).toContain('odd');
    const { named } = await verify(app.app.get(DataSource, { strict: false }), undefined);
    expect(named.map(({ agent_type }) => agent_type)).toContain('odd');

    expect((await app.send('POST', agentPath('guardian', 'custody-test'), RESULT)).status).toBe(200);
  });

  it.each(ODD)('with %s can be written', async (edit) => {
    await app.database.query(`UPDATE agent_metrics SET ${edit} WHERE agent_type = 'odd'`);
    expect((await app.send('POST', agentPath('odd', 'custody-test'), RESULT)).status).toBeLessThan(500);
    expect((await app.send('PUT', agentPath('odd'), { priority: 'high' })).status).toBeLessThan(500);
  });
});

const RESULT = { passed: true, score: 80, duration: 1 };

/** Agents, page by page of one. */
async function pagesOf(path: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await sent(app, 'GET', `${path}?limit=1${query}`);
    const page = body as { agents: { agent_type: string }[]; next_cursor: string | null };
    found.push(...page.agents.map(({ agent_type }) => agent_type));
    cursor = page.next_cursor;
  }
  return found;
}

describe('constraints that rows violate', () => {
  it('apply to new rows, and are validated when no row violates them', async () => {
    const old = await startTestApp();
    try {
      await old.database.query('ALTER TABLE agent_metrics DROP CONSTRAINT ck_agent_metrics_lists');
      await old.database.query('ALTER TABLE agent_metrics DROP CONSTRAINT ck_agent_metrics_times');
      await old.database.query('ALTER TABLE agent_metrics DROP CONSTRAINT ck_agent_metrics_version');
      await old.database.query("UPDATE agent_metrics SET last_success = 'infinity' WHERE agent_type = 'sandbox'");
      await old.database.query("DELETE FROM agent_metrics_migrations WHERE name LIKE 'CheckListsAndTimes%'");
      const warnings: string[] = [];
      await migrate(old.database.connection, (message) => warnings.push(message));
      expect(warnings).toEqual([expect.stringMatching(/1 rows .* ck_agent_metrics_times \(sandbox\)/)]);
      expect(await unvalidated(old)).toEqual(['ck_agent_metrics_times']);
      await expect(
        old.database.query("UPDATE agent_metrics SET last_success = 'infinity' WHERE agent_type = 'guardian'"),
      ).rejects.toMatchObject({ constraint: 'ck_agent_metrics_times' });

      await old.database.query("UPDATE agent_metrics SET last_success = NULL WHERE agent_type = 'sandbox'");
      await migrate(old.database.connection, (message) => warnings.push(message));
      expect(warnings).toHaveLength(1);
      expect(await unvalidated(old)).toEqual([]);
    } finally {
      await old.close();
    }
  });
});

async function unvalidated({ database }: TestApp): Promise<string[]> {
  const rows = await database.query<{ conname: string }>('SELECT conname FROM pg_constraint WHERE NOT convalidated');
  return rows.map(({ conname }) => conname);
}
