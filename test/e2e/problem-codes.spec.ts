import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ERROR_STATUS } from '../../src/http/problems/error-status.js';
import { createBodyOfBytes } from '../factories/json.factory.js';
import { countLockWaits } from '../support/lock-waits.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { agentPath, AGENTS } from './support/paths.js';
import { type Code, expectProblem, type Request, STATUS_OF } from './support/problem.js';
import { sendRaw } from './support/raw-socket.js';
import { stored } from './support/read.js';
import { until } from './support/until.js';

/** Requests that cause each code. */
const REQUESTS: Partial<Record<Code, Request>> = {
  malformed_request: { method: 'PUT', path: agentPath('guardian'), body: '{' },
  validation_failed: { method: 'PUT', path: agentPath('guardian'), body: { xp: '95' } },
  evaluation_file_invalid: { method: 'POST', path: '/api/ingest', body: '{}' },
  agent_not_found: { method: 'GET', path: agentPath('nobody') },
  key_not_found: { method: 'DELETE', path: '/api/keys/none' },
  webhook_not_found: { method: 'GET', path: '/api/webhooks/none' },
  event_not_found: { method: 'GET', path: agentPath('guardian', 'events/1000') },
  route_not_found: { method: 'GET', path: '/nowhere?x=1' },
  method_not_allowed: { method: 'PATCH', path: `${AGENTS}?x=1` },
  payload_too_large: { method: 'PUT', path: agentPath('guardian'), body: createBodyOfBytes(1_048_577) },
  uri_too_long: { method: 'GET', path: agentPath('a'.repeat(700)) },
  unsupported_media_type: {
    method: 'PUT',
    path: agentPath('guardian'),
    body: '{}',
    headers: { 'content-type': 'text/plain' },
  },
  rule_violated: { method: 'PUT', path: agentPath('guardian'), body: { level: 0 } },
  cross_site_request: {
    method: 'DELETE',
    path: agentPath('guardian', 'reset'),
    headers: { origin: 'https://evil.example' },
  },
  precondition_failed: {
    method: 'PUT',
    path: agentPath('guardian'),
    body: { xp: 1 },
    headers: { 'if-match': '"99"' },
  },
};
/** These are provoked in hostile/raw-sockets.spec.ts too, where there is no request to answer. */
const ON_SOCKETS: Code[] = ['headers_too_large', 'request_timeout', 'expectation_failed'];
/** Provoked in custody-gate.spec.ts, on routes that have a gate: the API itself has none. */
const AT_GATES: Code[] = ['custody_requirements_unmet'];
/** Provoked in access/, where callers have keys and tokens. */
const AT_THE_DOOR: Code[] = ['unauthenticated', 'scope_missing', 'agent_forbidden', 'issuer_unavailable', 'key_exists'];
/** Provoked in limits/rate-limit.spec.ts: without a setting there is no limit. */
const AT_LIMITS: Code[] = ['rate_limited'];
/** Provoked in custody/administered-tests.spec.ts, with evaluators that fail. */
const AT_EVALUATORS: Code[] = ['evaluator_not_configured', 'evaluator_failed', 'evaluator_timeout'];
/** Provoked in database-failures.spec.ts, by a database that fails in each of these ways. */
const OF_THE_DATABASE: Code[] = [
  'database_unavailable',
  'database_restarting',
  'database_read_only',
  'database_disk_full',
  'database_out_of_memory',
  'database_connections_full',
  'database_limit_exceeded',
  'statement_timeout',
];
/** Provoked in lifecycle.spec.ts, with agents that were renamed. */
const OF_AGENTS: Code[] = ['agent_renamed', 'agent_exists'];
/** Tried below, with more than one request. */
const OF_THE_SERVICE: Code[] = [
  'shutting_down',
  'idempotency_key_reused',
  'internal_error',
  'write_conflict',
  'overloaded',
];

describe('the problem document', () => {
  it('of every code is tested here, with its status', () => {
    const tried = [
      ...Object.keys(REQUESTS),
      ...ON_SOCKETS,
      ...AT_GATES,
      ...AT_THE_DOOR,
      ...AT_LIMITS,
      ...AT_EVALUATORS,
      ...OF_AGENTS,
      ...OF_THE_SERVICE,
      ...OF_THE_DATABASE,
    ];
    expect(tried.sort()).toEqual(Object.keys(ERROR_STATUS).sort());
    expect(tried.sort()).toEqual(Object.keys(STATUS_OF).sort());
  });
});

describe('the problem document of an invalid request', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each(Object.entries(REQUESTS))('%s', async (code, { method, path, body, headers }) => {
    expectProblem(await app.send(method, path, body, headers), code as Code, path);
  });

  it('idempotency_key_reused', async () => {
    const path = agentPath('guardian');
    const headers = { 'idempotency-key': 'once' };
    await app.send('PUT', path, { prestige: 1 }, headers);
    expectProblem(await app.send('PUT', path, { prestige: 2 }, headers), 'idempotency_key_reused', path);
  });

  it('headers_too_large', async () => {
    const answer = await sendRaw(
      app.url,
      `GET ${AGENTS} HTTP/1.1\r\nHost: localhost\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`,
    );
    expect(answer?.status).toBe(431);
    expect(answer?.headers).toMatch(/^content-type: application\/problem\+json/im);
    expect(JSON.parse(answer?.body ?? '')).toEqual({
      type: 'urn:lvlup:problem:headers_too_large',
      title: expect.any(String),
      status: 431,
      detail: expect.any(String),
      code: 'headers_too_large',
    });
  });
});

describe('the problem document of a request that arrives too slowly', () => {
  it('request_timeout', async () => {
    const app = await startTestApp({ HEADERS_TIMEOUT: '0.1' });
    const answer = await sendRaw(app.url, `GET ${AGENTS} HTTP/1.1\r\nHost: localhost\r\nx: `);
    await app.close();
    expect(answer?.status).toBe(408);
    expect(answer?.headers).toMatch(/^content-type: application\/problem\+json/im);
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ status: 408, code: 'request_timeout' });
  });
});

describe('the problem document of a failure of the service', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it('internal_error, with an id and without the cause', async () => {
    await app.database.query('ALTER TABLE agent_metrics RENAME COLUMN xp TO xp_secret');
    const path = agentPath('guardian');
    const first = await app.send('GET', path);
    const second = await app.send('PUT', path, { xp: 1 });
    await app.database.query('ALTER TABLE agent_metrics RENAME COLUMN xp_secret TO xp');

    for (const answer of [first, second]) {
      expectProblem(answer, 'internal_error', path);
      expect(JSON.stringify(answer.body)).not.toMatch(/column|xp|select|\.ts|\.js/i);
    }
    expect(first.body).not.toEqual(second.body);
    expect((await app.send('GET', path)).status).toBe(200);
  });

  it('write_conflict, of a write that fails on every attempt, with Retry-After', async () => {
    await app.database.query(`
      CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'lost against another transaction' USING ERRCODE = '40001'; END $$;
      CREATE TRIGGER lose BEFORE UPDATE ON agent_metrics FOR EACH ROW EXECUTE FUNCTION lose()`);
    const path = agentPath('guardian');
    const before = await stored(app);
    const lost = await app.send('PUT', path, { xp: 1 });
    const after = await stored(app);
    await app.database.query('DROP TRIGGER lose ON agent_metrics');

    expectProblem(lost, 'write_conflict', path);
    expect(Number(lost.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(after).toEqual(before);
    expect((await app.send('PUT', path, { xp: 1 })).status).toBe(200);
  });

  it('overloaded, if too many writes wait, with Retry-After', async () => {
    const small = await startTestApp({ COMMIT_QUEUE_SIZE: '1' });
    const path = agentPath('guardian');
    await small.database.query('BEGIN');
    await small.database.query('LOCK agent_metrics');
    // One is in its transaction, one waits, and there is no room for the third.
    const running = small.send('PUT', path, { xp: 1 });
    await until(async () => (await countLockWaits(small.database)) > 0);
    const sent = [running, ...[2, 3].map((xp) => small.send('PUT', path, { xp }))];
    const refused = await Promise.race(sent);
    await small.database.query('COMMIT');
    const statuses = (await Promise.all(sent)).map(({ status }) => status);
    await small.close();

    expect(statuses.sort()).toEqual([200, 200, 503]);
    expectProblem(refused, 'overloaded', path);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('shutting_down, of a write during shutdown', async () => {
    const ending = await startTestApp();
    const path = agentPath('guardian');
    await ending.database.query('BEGIN');
    await ending.database.query('LOCK agent_metrics');
    const accepted = ending.send('PUT', path, { xp: 1 });
    await sleep(200);
    const closed = ending.app.close();
    await sleep(200);
    const refused = await ending.send('PUT', path, { xp: 2 });
    await ending.database.query('COMMIT');
    expect((await accepted).status).toBe(200);
    await closed;
    await ending.database.drop();

    expectProblem(refused, 'shutting_down', path);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});
