import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AnalyticsService } from '../../../src/agent-metrics/read/analytics.service.js';
import { createFullAdversarialTest } from '../../factories/adversarial-test.factory.js';
import { createCustodyTest, createFullCustodyTest } from '../../factories/custody-test.factory.js';
import { createLearning } from '../../factories/learning.factory.js';
import { createFullUpdate } from '../../factories/metrics-update.factory.js';
import type { HostResponse } from '../../support/host-app.js';
import { agentPath, AGENTS, ANALYTICS, BULK_UPDATE, CUSTODY, custodyPath, LEADERBOARD } from '../support/paths.js';
import { STATUS_OF } from '../support/problem.js';
import { type BothPlatforms, startBothPlatforms } from './both-platforms.js';

const GUARDIAN = agentPath('guardian');
const CUSTODY_TEST = agentPath('guardian', 'custody-test');
const FOREIGN = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
/** fetch would add Cache-Control: no-cache, with which Express does not evaluate If-None-Match. */
const NO_RELOAD = { 'cache-control': 'max-age=0' };
const DASHBOARD = 'https://dashboard.example';

let both: BothPlatforms;
beforeAll(async () => {
  both = await startBothPlatforms({ policy: 'open', allowedOrigins: [DASHBOARD] });
});
afterAll(() => both.close());

function expectProblem({ status, headers, text }: HostResponse, code: keyof typeof STATUS_OF, path: string): void {
  expect([status, headers.get('content-type')]).toEqual([STATUS_OF[code], 'application/problem+json; charset=utf-8']);
  expect(JSON.parse(text)).toMatchObject({ code, status, instance: path });
}

describe('a write', () => {
  it.each([
    ['creates an agent', 'PUT', GUARDIAN, createFullUpdate(), 201, '"2"'],
    ['updates it', 'PUT', GUARDIAN, { config: { depth: 3 } }, 200, '"3"'],
    ['records a custody test', 'POST', CUSTODY_TEST, createFullCustodyTest(), 200, '"4"'],
    ['records another', 'POST', agentPath('sandbox', 'custody-test'), createCustodyTest(), 200, '"2"'],
    [
      'records an adversarial test',
      'POST',
      agentPath('guardian', 'adversarial-test'),
      createFullAdversarialTest(),
      200,
      '"5"',
    ],
    ['records learning', 'POST', agentPath('guardian', 'learning'), createLearning(), 200, '"6"'],
    ['records nothing learned', 'POST', agentPath('guardian', 'learning'), {}, 200, '"7"'],
    ['adds custody XP', 'POST', agentPath('guardian', 'custody-xp'), { amount: 50 }, 200, '"8"'],
    ['updates in bulk', 'POST', BULK_UPDATE, { updates: { guardian: { xp: 9_999 }, conquest: {} } }, 200, null],
    ['resets custody', 'DELETE', custodyPath('guardian', 'reset'), undefined, 200, '"10"'],
    ['resets custody by the path of the old backend', 'POST', `${CUSTODY}/test/guardian/reset`, undefined, 200, '"11"'],
    ['resets an agent', 'DELETE', agentPath('conquest', 'reset'), undefined, 200, '"3"'],
  ] as const)('%s', async (_, method, path, body, status, etag) => {
    const response = await both.send(method, path, body);
    expect([response.status, response.headers.get('etag')]).toEqual([status, etag]);
  });

  it('concerns an agent with a slash in its name, as does a conditional read', async () => {
    const path = agentPath('openai/gpt-4o');
    expect((await both.send('PUT', path, { status: 'active' })).status).toBe(201);
    const custodyTest = await both.send('POST', `${path}/custody-test`, createCustodyTest());
    expect(JSON.parse(custodyTest.text)).toMatchObject({ agent_type: 'openai/gpt-4o' });
    expect((await both.send('GET', custodyPath('openai/gpt-4o', 'eligibility'))).status).toBe(200);
    for (const host of both.hosts) {
      const etag = (await host.send('GET', path)).headers.get('etag') ?? '';
      expect((await host.send('GET', path, undefined, { ...NO_RELOAD, 'if-none-match': etag })).status).toBe(304);
    }
    expect((await both.send('DELETE', `${path}/reset`)).status).toBe(200);
  });

  it('is replayed by its idempotency key, with the first response', async () => {
    const headers = { 'idempotency-key': 'once' };
    const first = await both.send('POST', CUSTODY_TEST, createFullCustodyTest(), headers);
    const second = await both.send('POST', CUSTODY_TEST, createFullCustodyTest(), headers);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.text).toBe(first.text);
    expectProblem(
      await both.send('POST', CUSTODY_TEST, createFullCustodyTest({ score: 1 }), headers),
      'idempotency_key_reused',
      CUSTODY_TEST,
    );
  });

  it.each([
    ['If-Match', { 'if-match': '"1"' }],
    ['If-None-Match', { 'if-none-match': '*' }],
  ])('is refused with 412 by %s', async (_, headers) => {
    expectProblem(
      await both.send('POST', CUSTODY_TEST, createCustodyTest(), headers),
      'precondition_failed',
      CUSTODY_TEST,
    );
  });

  it('is committed once, and each event once', async () => {
    const events = both.hosts.map(({ database }) =>
      database.query('SELECT agent_type, version, actor FROM agent_events ORDER BY agent_type, version'),
    );
    const [fastify, express] = await Promise.all(events);
    expect(express).toEqual(fastify);
    expect(fastify).toHaveLength(21);
  });
});

describe('a read', () => {
  it.each([
    AGENTS,
    `${AGENTS}?limit=1`,
    LEADERBOARD,
    `${LEADERBOARD}?limit=1`,
    ANALYTICS,
    `${AGENTS}/trends`,
    GUARDIAN,
    agentPath('guardian', 'custody'),
    agentPath('guardian', 'analytics'),
    agentPath('guardian', 'trends'),
    `${CUSTODY}/categories`,
    `${CUSTODY}/agents`,
    custodyPath('guardian'),
    custodyPath('guardian', 'eligibility'),
    custodyPath('guardian', 'difficulty'),
    custodyPath('guardian', 'schedule'),
    custodyPath('guardian', 'recommendations'),
    CUSTODY,
    `${CUSTODY}/analytics`,
    `${CUSTODY}/live-analytics`,
    `${CUSTODY}/recommendations`,
    `${CUSTODY}/leaderboard`,
    `${CUSTODY}/test-categories`,
    `${CUSTODY}/recent-tests?limit=5`,
    `${CUSTODY}/recent-adversarial-tests`,
    `${CUSTODY}/test/guardian/status`,
    `${CUSTODY}/eligibility/guardian`,
    `${CUSTODY}/difficulty/guardian`,
  ])('returns the same, without a body for HEAD and for any page: %s', async (path) => {
    const response = await both.send('GET', path, undefined, FOREIGN);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    const head = await both.send('HEAD', path);
    expect([head.status, head.text]).toEqual([200, '']);
  });

  it.each([AGENTS, ANALYTICS, custodyPath('guardian')])(
    'of a response without an entity tag ignores If-None-Match: %s',
    async (path) => {
      expect((await both.send('GET', path, undefined, { 'if-none-match': '*', ...NO_RELOAD })).status).toBe(200);
    },
  );

  it.each([GUARDIAN, agentPath('guardian', 'custody')])('of a known document is 304: %s', async (path) => {
    for (const host of both.hosts) {
      const { headers } = await host.send('GET', path);
      const etag = headers.get('etag') ?? '';
      expect(etag).toMatch(/^"\d+-[0-9a-f]{8}"$/);
      for (const known of [etag, `W/${etag}`, `"1", ${etag}`, '*']) {
        const again = await host.send('GET', path, undefined, { 'if-none-match': known, ...NO_RELOAD });
        expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
        expect(again.headers.get('cache-control')).toBe('private, no-cache');
      }
      const other = await host.send('GET', path, undefined, { 'if-none-match': '"1-00000000"' });
      expect(other.status).toBe(200);
    }
    expectProblem(await both.send('GET', path, undefined, { 'if-none-match': 'bare' }), 'validation_failed', path);
  });

  it('returns a large document unchanged, several at a time', async () => {
    for (const host of both.hosts) {
      await host.database.query(
        `INSERT INTO agent_metrics (agent_id, agent_type, learning_patterns, created_at, updated_at)
         SELECT 'a', 'large', jsonb_agg(repeat(md5(n::text), 32768)), now(), now() FROM generate_series(1, 3) n`,
      );
    }
    const responses = await Promise.all([1, 2, 3].map(() => both.send('GET', agentPath('large'))));
    for (const { status, text } of responses) {
      expect(status).toBe(200);
      expect((JSON.parse(text) as { metrics: { learning_patterns: string[] } }).metrics.learning_patterns).toHaveLength(
        3,
      );
    }
  });
});

describe('a request is refused', () => {
  it.each([
    ['an unknown agent', 'GET', agentPath('nobody'), undefined, 'agent_not_found'],
    ['an unknown agent of custody', 'GET', custodyPath('nobody'), undefined, 'agent_not_found'],
    ['an unknown agent to reset', 'DELETE', agentPath('nobody', 'reset'), undefined, 'agent_not_found'],
    ['an unknown agent of the old backend', 'GET', `${CUSTODY}/eligibility/nobody`, undefined, 'agent_not_found'],
    ['an invalid agent type', 'GET', agentPath('a\u0000b'), undefined, 'validation_failed'],
    ['an unknown field', 'POST', CUSTODY_TEST, { ...createCustodyTest(), extra: 1 }, 'validation_failed'],
    ['wrong types', 'POST', CUSTODY_TEST, { passed: 'yes', score: '95', duration: null }, 'validation_failed'],
    ['a missing body', 'POST', agentPath('guardian', 'learning'), undefined, 'validation_failed'],
    ['a body that is no object', 'PUT', GUARDIAN, [], 'validation_failed'],
    ['an unknown parameter', 'GET', '/api/agent-metrics?page=2', undefined, 'validation_failed'],
    ['a repeated parameter', 'GET', '/api/agent-metrics?limit=1&limit=2', undefined, 'validation_failed'],
    ['contradictory values', 'PUT', GUARDIAN, { total_tests_given: 1, total_tests_passed: 2 }, 'rule_violated'],
    [
      'no evaluator',
      'POST',
      `${CUSTODY}/test/guardian?test_category=security_awareness`,
      undefined,
      'evaluator_not_configured',
    ],
    ['no evaluator for any', 'POST', `${CUSTODY}/batch-test`, undefined, 'evaluator_not_configured'],
  ] as const)('with a problem document: %s', async (_, method, path, body, code) => {
    expectProblem(await both.send(method, path, body), code, path.split('?', 1)[0] ?? '');
  });

  it.each([
    ['text', 'text/plain', 'passed'],
    ['a form', 'application/x-www-form-urlencoded', 'passed=true&score=95&duration=120'],
  ])('with 415 if its body is %s', async (_, type, body) => {
    expectProblem(
      await both.send('POST', CUSTODY_TEST, body, { 'content-type': type }),
      'unsupported_media_type',
      CUSTODY_TEST,
    );
  });

  it.each([
    ['XML is 415', { 'content-type': 'application/xml' }, '<a/>', 415],
    ['malformed JSON is 400', {}, '{"passed":', 400],
    ['a scalar is 400', {}, '1', 400],
  ] as const)('by the body parser of the platform with its own status: %s', async (_, headers, body, status) => {
    for (const host of both.hosts) {
      expect((await host.send('POST', CUSTODY_TEST, body, headers)).status).toBe(status);
    }
  });

  it('if a page of another origin writes, with or without a body', async () => {
    const rows = () =>
      Promise.all(both.hosts.map(({ database }) => database.query('SELECT version FROM agent_events')));
    const before = await rows();
    for (const headers of [FOREIGN, { origin: 'null' }, { 'sec-fetch-site': 'same-site' }]) {
      for (const [method, path, body] of [
        ['POST', CUSTODY_TEST, createCustodyTest()],
        ['PUT', GUARDIAN, {}],
        ['DELETE', agentPath('guardian', 'reset'), undefined],
        ['DELETE', custodyPath('guardian', 'reset'), undefined],
        ['POST', `${CUSTODY}/test/guardian/reset`, undefined],
        ['POST', `${CUSTODY}/batch-test`, undefined],
      ] as const) {
        expectProblem(await both.send(method, path, body, headers), 'cross_site_request', path);
      }
    }
    expect(await rows()).toEqual(before);
  });

  it('but not if the page is allowed, or is of the same origin', async () => {
    expect((await both.send('PUT', agentPath('allowed'), {}, { origin: DASHBOARD })).status).toBe(201);
    for (const host of both.hosts) {
      const { status } = await host.send('PUT', agentPath('own'), {}, { origin: new URL(host.url).origin });
      expect(status).toBe(201);
    }
  });

  it('with 500 and the id of the error in the log, if the handler fails', async () => {
    for (const { app } of both.hosts) {
      app.get(AnalyticsService, { strict: false }).getSummary = () => Promise.reject(new TypeError('secret'));
    }
    const response = await both.send('GET', ANALYTICS);
    expectProblem(response, 'internal_error', ANALYTICS);
    expect(response.text).not.toContain('secret');
  });
});
