import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parseDatabaseUrl } from '../../src/config/database-url.js';
import { MIGRATIONS } from '../../src/database/migrations/index.js';
import { addressOf, startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const RESULT = { passed: true, score: 95, duration: 120 };

let proxy: TcpProxy;
let test: TestApp;
beforeAll(async () => {
  proxy = await startTcpProxy(addressOf(parseDatabaseUrl(process.env['TEST_SERVER'] ?? '')));
  test = await startTestApp({}, (connection) => ({ ...connection, host: '127.0.0.1', port: proxy.port }));
});
afterAll(async () => {
  proxy.restore();
  await test.close();
  await proxy.close();
});

describe('while the database is unavailable', () => {
  beforeEach(() => {
    proxy.cut();
  });

  it.each([
    ['GET', '/api/agent-metrics', undefined],
    ['GET', '/api/agent-metrics/guardian', undefined],
    ['GET', '/api/agent-metrics/guardian/custody', undefined],
    ['GET', '/api/agent-metrics/leaderboard', undefined],
    ['GET', '/api/agent-metrics/analytics/summary', undefined],
    ['PUT', '/api/agent-metrics/guardian', { xp: 5 }],
    ['POST', '/api/agent-metrics/guardian/custody-test', RESULT],
    ['POST', '/api/agent-metrics/bulk-update', { updates: { guardian: { xp: 5 } } }],
    ['DELETE', '/api/agent-metrics/guardian/reset', undefined],
    ['GET', '/api/custody/agents', undefined],
    ['GET', '/api/custody/agents/guardian', undefined],
    ['GET', '/api/custody/agents/guardian/eligibility', undefined],
    ['GET', '/api/custody/agents/guardian/difficulty', undefined],
    ['GET', '/api/custody/agents/guardian/schedule', undefined],
    ['GET', '/api/custody/agents/guardian/recommendations', undefined],
    ['DELETE', '/api/custody/agents/guardian/reset', undefined],
    ['GET', '/api/custody/', undefined],
    ['GET', '/api/custody/analytics', undefined],
    ['GET', '/api/custody/live-analytics', undefined],
    ['GET', '/api/custody/recommendations', undefined],
    ['GET', '/api/custody/leaderboard', undefined],
    ['GET', '/api/custody/test/guardian/status', undefined],
    ['GET', '/api/custody/eligibility/guardian', undefined],
    ['GET', '/api/custody/difficulty/guardian', undefined],
    ['POST', '/api/custody/test/guardian/reset', undefined],
  ])('%s %s returns 503 with Retry-After, and no data', async (method, path, body) => {
    const answer = await test.send(method, path, body);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.body).toMatchObject({ code: 'database_unavailable', status: 503, instance: path });
  });

  it('is live, and not ready, with the reason', async () => {
    expect(await test.send('GET', '/health/live')).toMatchObject({ status: 200, body: { status: 'alive' } });
    const { status, body } = await test.send('GET', '/health/ready');
    expect(status).toBe(503);
    expect(body).toEqual({ status: 'unhealthy', database: 'disconnected', reason: expect.stringMatching(/./) });
  });
});

describe('with a schema of another release', () => {
  it('is connected, and not ready, with the reason', async () => {
    proxy.restore();
    await test.database.query('ALTER TABLE agent_metrics_migrations RENAME TO elsewhere');
    const { status, body } = await test.send('GET', '/health/ready');
    await test.database.query('ALTER TABLE elsewhere RENAME TO agent_metrics_migrations');
    expect([status, body]).toEqual([
      503,
      { status: 'unhealthy', database: 'connected', reason: `${MIGRATIONS.length} migrations are pending` },
    ]);
  });
});

describe('when the database is available again', () => {
  it('the service recovers by itself, and nothing was recorded meanwhile', async () => {
    const before = await test.database.query('SELECT count(*) FROM agent_events');
    proxy.cut();
    await test.send('POST', '/api/agent-metrics/guardian/custody-test', RESULT);
    proxy.restore();
    const { status, body } = await test.send('GET', '/health/ready');
    expect([status, body]).toEqual([200, { status: 'healthy', database: 'connected' }]);
    expect(await test.database.query('SELECT count(*) FROM agent_events')).toEqual(before);
    expect(await test.send('POST', '/api/agent-metrics/guardian/custody-test', RESULT)).toMatchObject({
      status: 200,
      body: { updated_custody_metrics: { total_tests_given: 1 } },
    });
  });
});
