import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createNestedJson } from '../factories/json.factory.js';
import { createFullUpdate } from '../factories/metrics-update.factory.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, BULK_UPDATE } from './support/paths.js';
import { expectInvalid, expectRefused } from './support/problem.js';
import { agentsOf, metricsOf, sent, stored } from './support/read.js';

const agents = (count: number) => Array.from({ length: count }, (_, index) => `bulk-${index}`);

const NEWCOMER = createFullUpdate({ agent_id: 'a newcomer' });

describe('a bulk update', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each([BULK_UPDATE, `${BULK_UPDATE}/`])('updates the named columns, at %s', async (path) => {
    const answer = await app.send('POST', path, {
      updates: { guardian: { status: 'active', priority: 'high' }, sandbox: { xp: 1_200 } },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      status: 'success',
      message: expect.any(String),
      updated_agents: ['guardian', 'sandbox'],
      total_updated: 2,
    });
    expect(await metricsOf(app, 'guardian')).toMatchObject({ status: 'active', priority: 'high', xp: 0 });
    expect(await metricsOf(app, 'sandbox')).toMatchObject({ status: 'idle', xp: 1_200, level: 2 });
  });

  it('accepts for each agent the columns of PUT, and creates missing agents', async () => {
    await sent(app, 'POST', BULK_UPDATE, {
      updates: { imperium: createFullUpdate(), newcomer: NEWCOMER },
    });
    expect(await metricsOf(app, 'imperium')).toMatchObject(createFullUpdate());
    expect(await metricsOf(app, 'newcomer')).toMatchObject(NEWCOMER);
  });

  it('accepts a config nested as deeply as PUT does', async () => {
    const config = createNestedJson(32);
    expect((await app.send('PUT', agentPath('deep'), `{"config":${config}}`)).status).toBe(201);
    const answer = await app.send('POST', BULK_UPDATE, `{"updates":{"deep":{"config":${config}}}}`);
    expect(answer.status).toBe(200);
  });

  it('creates an agent from an empty update', async () => {
    await sent(app, 'POST', BULK_UPDATE, { updates: { 'created-empty': {} } });
    expect(await metricsOf(app, 'created-empty')).toMatchObject({ agent_id: 'created-empty_agent', level: 1 });
  });

  it('gives each agent one event', async () => {
    const before = await stored(app);
    await sent(app, 'POST', BULK_UPDATE, { updates: { guardian: { xp: 1 }, sandbox: { xp: 2 } } });
    expect((await stored(app)).events).toBe(before.events + 2);
  });

  it.each([0, 1_001, 5_000])('refuses %d agents', async (count) => {
    const updates = Object.fromEntries(agents(count).map((agent) => [agent, { status: 'paused' }]));
    await expectInvalid(app, 'POST', BULK_UPDATE, { updates }, 'updates');
  });

  it.each([
    ['a wrong type', { xp: '95' }, 'updates.sandbox.xp'],
    ['an unknown field', { xpp: 1 }, 'updates.sandbox.xpp'],
    ['a column of the service', { id: 5 }, 'updates.sandbox.id'],
    ['a character that cannot be stored', { status: 'a\u0000' }, 'updates.sandbox.status'],
    ['a text too long', { status: 'x'.repeat(21) }, 'updates.sandbox.status'],
    ['null for an agent', null, 'updates.sandbox'],
    ['a list for an agent', [], 'updates.sandbox'],
    ['a text for an agent', 'idle', 'updates.sandbox'],
  ])('with %s in one agent changes none', async (_case, bad, field) => {
    const updates = { guardian: { status: 'failed' }, sandbox: bad, 'never-created': {} };
    await expectInvalid(app, 'POST', BULK_UPDATE, { updates }, field);
  });

  it('with one agent that violates a rule changes none', async () => {
    const updates = { guardian: { status: 'failed' }, sandbox: { total_tests_given: 1 }, 'never-created': {} };
    const field = 'updates.sandbox.total_tests_given';
    await expectRefused(app, { method: 'POST', path: BULK_UPDATE, body: { updates } }, 'rule_violated', field);
  });

  it.each(['leaderboard', '-dash', 'a b', 'x'.repeat(51), '🙂'])(
    'that would create "%s" changes none',
    async (name) => {
      const updates = { guardian: { status: 'failed' }, [name]: { xp: 1 }, 'never-created': {} };
      await expectInvalid(app, 'POST', BULK_UPDATE, { updates }, `updates.${name}`);
    },
  );

  it('lists the errors of all agents', async () => {
    const updates = { guardian: { xp: '1', level: null }, sandbox: { nonsense: 1 }, imperium: {}, conquest: 7 };
    const fields = ['updates.guardian.xp', 'updates.guardian.level', 'updates.sandbox.nonsense', 'updates.conquest'];
    await expectInvalid(app, 'POST', BULK_UPDATE, { updates }, ...fields);
  });

  it('lists all violated rules of all agents', async () => {
    const updates = { guardian: { level: 0, xp: -1 }, sandbox: { pass_rate: 3 } };
    const fields = ['updates.guardian.level', 'updates.guardian.xp', 'updates.sandbox.pass_rate'];
    await expectRefused(app, { method: 'POST', path: BULK_UPDATE, body: { updates } }, 'rule_violated', ...fields);
  });

  it('accepts 1,000 agents', async () => {
    const updates = Object.fromEntries(agents(1_000).map((agent, xp) => [agent, { xp }]));
    const answer = await app.send('POST', BULK_UPDATE, { updates });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ total_updated: 1_000, updated_agents: agents(1_000) });
    expect(await metricsOf(app, 'bulk-999')).toMatchObject({ xp: 999 });
    expect(await agentsOf(app)).toHaveLength(1_000);
  });
});
