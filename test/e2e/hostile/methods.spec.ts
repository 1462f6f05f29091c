import { METHODS as NODE_METHODS } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import {
  agentPath,
  AGENTS,
  ANALYTICS,
  BULK_UPDATE,
  CUSTODY,
  custodyPath,
  EXPORT,
  LEADERBOARD,
  STANDINGS,
} from '../support/paths.js';
import { expectProblem, expectRefused } from '../support/problem.js';
import { sendRaw } from '../support/raw-socket.js';
import { stored } from '../support/read.js';

/** Every path of the documentation, with its methods. */
const PATHS: [path: string, methods: string[]][] = [
  [AGENTS, ['GET', 'HEAD']],
  [ANALYTICS, ['GET', 'HEAD']],
  [LEADERBOARD, ['GET', 'HEAD']],
  [EXPORT, ['GET', 'HEAD']],
  [BULK_UPDATE, ['POST']],
  [agentPath('guardian'), ['DELETE', 'GET', 'HEAD', 'PUT']],
  [agentPath('guardian', 'custody'), ['GET', 'HEAD']],
  [agentPath('guardian', 'custody-test'), ['POST']],
  [agentPath('guardian', 'adversarial-test'), ['POST']],
  [agentPath('guardian', 'custody-xp'), ['POST']],
  [agentPath('guardian', 'learning'), ['POST']],
  [agentPath('guardian', 'reset'), ['DELETE']],
  [STANDINGS, ['GET', 'HEAD']],
  [custodyPath('guardian'), ['GET', 'HEAD']],
  [custodyPath('guardian', 'eligibility'), ['GET', 'HEAD']],
  [custodyPath('guardian', 'difficulty'), ['GET', 'HEAD']],
  [custodyPath('guardian', 'schedule'), ['GET', 'HEAD']],
  [custodyPath('guardian', 'recommendations'), ['GET', 'HEAD']],
  [custodyPath('guardian', 'reset'), ['DELETE']],
  [`${CUSTODY}/categories`, ['GET', 'HEAD']],
  [CUSTODY, ['GET', 'HEAD']],
  ...['analytics', 'live-analytics', 'recommendations', 'leaderboard', 'test-categories'].map(
    (view): [string, string[]] => [`${CUSTODY}/${view}`, ['GET', 'HEAD']],
  ),
  [`${CUSTODY}/test/guardian/status`, ['GET', 'HEAD']],
  [`${CUSTODY}/eligibility/guardian`, ['GET', 'HEAD']],
  [`${CUSTODY}/difficulty/guardian`, ['GET', 'HEAD']],
  [`${CUSTODY}/test/guardian/reset`, ['POST']],
];
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const WRONG_METHODS = PATHS.flatMap(([path, methods]) =>
  METHODS.filter((method) => !methods.includes(method)).map((method) => ({ method, path, methods })),
);
/** All others that Node reads. */
const OTHER_METHODS = NODE_METHODS.filter((method) => ![...METHODS, 'HEAD', 'CONNECT'].includes(method));
const UNKNOWN_PATHS = [
  '/',
  '/api',
  '/api/agents',
  '/API/agent-metrics',
  '/api/Agent-Metrics',
  '/api/agent-metrics-2',
  `${AGENTS}/guardian/nonsense`,
  `${AGENTS}/guardian/custody/xp`,
  `${AGENTS}/guardian/Custody`,
  `${AGENTS}/leaderboard/top`,
  `${CUSTODY}/guardian`,
  `${STANDINGS}//eligibility`,
  `${CUSTODY}/eligibility`,
  `${CUSTODY}/test//status`,
  `${AGENTS}/analytics/summary/x`,
  `${AGENTS}//`,
  `${AGENTS}//custody`,
  '//api/agent-metrics',
  '/.env',
  '/favicon.ico',
];

describe('the methods of a path', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each(WRONG_METHODS)('$method of $path is refused with the allowed methods', async ({ method, path, methods }) => {
    for (const request of [
      { method, path },
      { method, path: `${path}/` },
      ...(method === 'GET' ? [] : [{ method, path, body: { status: 'active' } }]),
    ]) {
      const before = await stored(app);
      const answer = await app.send(method, request.path, 'body' in request ? request.body : undefined);
      expectProblem(answer, 'method_not_allowed', request.path);
      expect(answer.headers.get('allow')?.split(/, ?/).sort()).toEqual([...methods].sort());
      expect(await stored(app)).toEqual(before);
    }
  });

  it.each(OTHER_METHODS)('%s is not a method of any path, and returns 404 for an unknown path', async (method) => {
    const statusOf = async (path: string, headers = '') =>
      sendRaw(app.url, `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}Connection: close\r\n\r\n`);
    const before = await stored(app);
    for (const [path, methods] of PATHS) {
      const answer = await statusOf(path);
      expect([path, answer?.status]).toEqual([path, 405]);
      expect(JSON.parse(answer?.body ?? '')).toMatchObject({ code: 'method_not_allowed', instance: path });
      const allow = /^allow: (.*)$/im.exec(answer?.headers ?? '')?.[1]?.trim();
      expect(allow?.split(/, ?/).sort()).toEqual([...methods].sort());
    }
    expect((await statusOf('/nowhere'))?.status).toBe(404);
    expect((await statusOf('/health/live'))?.status).toBe(405);
    expect(await stored(app)).toEqual(before);
  });

  it.each(['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method'])('is not changed by %s', async (header) => {
    const before = await stored(app);
    const path = agentPath('guardian', 'custody-test');
    await expectRefused(app, { method: 'POST', path, body: {}, headers: { [header]: 'DELETE' } }, 'validation_failed');
    const answer = await app.send('GET', agentPath('guardian'), undefined, { [header]: 'PUT' });
    expect(answer.status).toBe(200);
    expect(await stored(app)).toEqual(before);
  });

  describe.each(['GET', 'POST', 'PUT', 'DELETE'])('an unknown path, by %s', (method) => {
    it.each(UNKNOWN_PATHS)('%s returns 404', async (path) => {
      await expectRefused(app, { method, path }, 'route_not_found');
    });
  });
});
