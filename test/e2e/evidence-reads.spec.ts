import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createAdversarialTest } from '../factories/adversarial-test.factory.js';
import { createCustodyTest, createFailedCustodyTest } from '../factories/custody-test.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, AGENTS, ANALYTICS } from './support/paths.js';
import { ISO_8601_UTC, type Json, sent } from './support/read.js';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
  for (const [agent_version, passed, failed] of [
    ['1.0', 6, 4],
    ['2.0', 9, 1],
  ] as const) {
    for (let index = 0; index < passed + failed; index++) {
      const evidence = { agent_version, run_id: `run-${agent_version}`, source: 'ci' };
      const test = index < passed ? createCustodyTest() : createFailedCustodyTest();
      await sent(app, 'POST', agentPath('guardian', 'custody-test'), {
        ...test,
        evidence,
        timestamp: `2026-02-0${agent_version[0] ?? ''}T00:00:${String(index).padStart(2, '0')}Z`,
      });
    }
  }
  await sent(app, 'POST', agentPath('guardian', 'adversarial-test'), createAdversarialTest());
});
afterAll(() => app.close());

const read = async (path: string): Promise<Json> => (await sent(app, 'GET', path)).body as Json;

describe('a comparison', () => {
  it('shows the groups with their uncertainty, most recent first', async () => {
    const body = await read(agentPath('guardian', 'compare?by=agent_version'));
    const group = (value: string, day: string, passed: number, difference: number, baseline: string) => ({
      value,
      tests: 10,
      passed,
      errored: 0,
      pass_rate: passed / 10,
      pass_rate_interval: { low: expect.any(Number), high: expect.any(Number) },
      average_score: expect.any(Number),
      average_duration: 120,
      first_at: `2026-02-${day}T00:00:00.000Z`,
      last_at: `2026-02-${day}T00:00:09.000Z`,
      difference: {
        value: expect.closeTo(difference, 9),
        low: expect.any(Number),
        high: expect.any(Number),
        baseline,
      },
    });
    expect(body).toEqual({
      status: 'success',
      agent_type: 'guardian',
      by: 'agent_version',
      groups: [group('2.0', '02', 9, 0.3, '1.0'), group('1.0', '01', 6, -0.3, '2.0')],
      truncated: false,
      timestamp: expect.stringMatching(ISO_8601_UTC),
    });
  });

  it('has a baseline, a limit and filters', async () => {
    const one = await read(agentPath('guardian', 'compare?by=run_id&baseline=run-1.0&limit=1'));
    expect(one).toMatchObject({ truncated: true, groups: [{ value: 'run-2.0', difference: { baseline: 'run-1.0' } }] });
    const other = await read(agentPath('guardian', 'compare?by=model&agent_version=1.0&source=ci'));
    expect(other).toMatchObject({ groups: [{ value: null, tests: 10, passed: 6, difference: null }] });
  });
});

describe('a filter', () => {
  it.each([
    ['run_id=run-1.0', 10, 6],
    ['agent_version=2.0&source=ci', 10, 9],
    ['agent_version=2.0&environment=staging', 0, 0],
    ['from=2026-02-02T00:00:00Z&to=2026-02-03T00:00:00Z', 10, 9],
    ['category=uncategorized', 21, 16],
    ['', 21, 16],
  ])('of %j selects tests', async (query, tests, passed) => {
    const agent = await read(agentPath('guardian', `analytics?${query}`));
    expect(agent).toMatchObject({ test_performance: { tests, passed } });
    const all = await read(`${ANALYTICS}?${query}`);
    expect(all).toMatchObject({ analytics: { total_agents: 4, test_performance: { tests, passed } } });
  });

  it.each(['', 'category=uncategorized', 'run_id=run-2.0', 'agent_version=2.0&source=ci'])(
    'of %j selects tests in trends',
    async (query) => {
      for (const path of [agentPath('guardian', 'trends'), `${AGENTS}/trends`]) {
        const body = await read(`${path}?from=2026-02-02T00:00:00Z&to=2026-02-03T00:00:00Z&${query}`);
        expect(body).toMatchObject({ bucket: 'day', trends: [{ tests: 10, passed: 9 }] });
      }
    },
  );
});

describe('the events', () => {
  it('are shown with their hashes', async () => {
    const { events, next_cursor } = (await read(agentPath('guardian', 'events?limit=1'))) as {
      events: Json[];
      next_cursor: string;
    };
    expect(events).toEqual([
      {
        version: 22,
        type: 'adversarial_test',
        payload: expect.objectContaining({ passed: true }),
        actor: null,
        occurred_at: expect.stringMatching(ISO_8601_UTC),
        recorded_at: expect.stringMatching(ISO_8601_UTC),
        rules_version: expect.any(Number),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        prev_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        voided_by: null,
        idempotency_key: null,
      },
    ]);
    expect(await read(agentPath('guardian', 'events/22'))).toEqual({
      status: 'success',
      agent_type: 'guardian',
      event: events[0],
    });
    const next = await read(agentPath('guardian', `events?limit=1&cursor=${next_cursor}`));
    expect(next).toMatchObject({ events: [{ version: 21, hash: events[0]?.['prev_hash'] }] });
    const tests = await read(agentPath('guardian', 'events?outcome=failed&run_id=run-2.0&order=oldest'));
    expect(tests).toMatchObject({ events: [{ version: 21 }], next_cursor: null });
  });
});

const TEXTS = ['run_id', 'agent_version', 'environment', 'source', 'model', 'category'];

describe.each([
  ['analytics', TEXTS],
  ['trends', TEXTS],
  ['compare', [...TEXTS, 'baseline']],
  ['events', TEXTS],
])('the query of %s', (below, texts) => {
  const refuses = async (parameters: string, field: string) => {
    const by = below === 'compare' && field !== 'by' ? 'by=run_id&' : '';
    const answer = await app.send('GET', agentPath('guardian', `${below}?${by}${parameters}`));
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'validation_failed', errors: [{ field }] });
  };

  it.each(texts)('refuses an empty, repeated or long %s', async (field) => {
    for (const value of ['', `a&${field}=a`, 'x'.repeat(201), '%00']) await refuses(`${field}=${value}`, field);
  });

  it.each(['from', 'to'])('refuses a %s that is no time', async (field) => {
    for (const value of ['', 'yesterday', `2026-01-01&${field}=2026-01-01`]) await refuses(`${field}=${value}`, field);
  });

  it('refuses an unknown parameter and a range that is empty', async () => {
    await refuses('case=1', 'case');
    await refuses('from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z', 'from');
  });

  if (below === 'compare') {
    it.each(['', 'by=', 'by=source', 'by=model&by=model'])('refuses %j', async (parameters) => {
      await refuses(parameters, 'by');
    });
  }

  it('has no agent that does not exist', async () => {
    const answer = await app.send('GET', agentPath('nobody', `${below}${below === 'compare' ? '?by=model' : ''}`));
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ code: 'agent_not_found' });
  });
});

it.each([
  ['0', 400],
  ['x', 400],
  ['1.0', 400],
  ['2147483648', 400],
  ['9999999999', 400],
  ['23', 404],
])('has no event %s', async (version, status) => {
  const answer = await app.send('GET', agentPath('guardian', `events/${version}`));
  expect(answer.status).toBe(status);
  expect(answer.body).toMatchObject(status === 404 ? { code: 'event_not_found' } : { errors: [{ field: 'version' }] });
});
