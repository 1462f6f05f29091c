import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildOpenApiDocument } from '../../../src/http/openapi/openapi.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer } from '../support/keys.js';
import { agentPath, AGENTS, CUSTODY } from '../support/paths.js';
import { expectProblem, expectRefused } from '../support/problem.js';

const RESET = `${CUSTODY}/test/guardian/reset`;
const EVIL = 'https://evil.example';
const DASHBOARD = 'https://dashboard.example';

/** Headers of a browser for a page of another site. */
const FOREIGN: Record<string, string>[] = [
  { origin: EVIL, 'sec-fetch-site': 'cross-site' },
  { origin: EVIL },
  { 'sec-fetch-site': 'cross-site' },
  { origin: 'null', 'sec-fetch-site': 'cross-site' },
  { origin: 'null' },
  { 'sec-fetch-site': 'same-site' },
];

let app: TestApp;
let ownOrigin: string;
beforeAll(async () => {
  app = await startTestApp();
  ownOrigin = new URL(app.url).origin;
});
afterAll(() => app.close());

/** Every route of the documentation that changes something, with an agent in its path. */
function writesOf({ app: application }: TestApp): { method: string; path: string }[] {
  return Object.entries(buildOpenApiDocument(application).paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => method !== 'get')
      .map((method) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, 'guardian') })),
  );
}

describe('while no key exists, a page of another origin', () => {
  it.each(FOREIGN)('writes nothing by any route, with or without a body: %j', async (headers) => {
    const writes = writesOf(app);
    expect(writes).toContainEqual({ method: 'POST', path: RESET });
    for (const { method, path } of writes) {
      await expectRefused(app, { method, path, headers }, 'cross_site_request');
      await expectRefused(app, { method, path, headers, body: {} }, 'cross_site_request');
    }
  });

  it('on the same machine, with another port or protocol, writes nothing either', async () => {
    for (const origin of ['http://127.0.0.1:1', 'http://localhost', ownOrigin.replace('http:', 'https:')]) {
      for (const headers of [{ origin }, { origin, 'sec-fetch-site': 'same-site' }]) {
        await expectRefused(app, { method: 'POST', path: RESET, headers }, 'cross_site_request');
      }
    }
  });

  it('is also refused for a path of the old backend, an unknown path and an unknown method', async () => {
    const headers = { origin: EVIL };
    expect((await app.send('POST', '/custody/test/guardian/reset', undefined, headers)).status).toBe(403);
    await expectRefused(app, { method: 'POST', path: '/nowhere', headers }, 'cross_site_request');
    await expectRefused(app, { method: 'PATCH', path: AGENTS, headers }, 'cross_site_request');
  });

  it('can send reads, but not read the response', async () => {
    const answer = await app.send('GET', AGENTS, undefined, { origin: EVIL, 'sec-fetch-site': 'cross-site' });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
  });
});

describe('while no key exists, a write is allowed', () => {
  it.each<[string, () => Record<string, string>]>([
    ['from a program', () => ({})],
    ['from Swagger UI', () => ({ origin: ownOrigin, 'sec-fetch-site': 'same-origin' })],
    ['from Swagger UI in an old browser', () => ({ origin: ownOrigin })],
    ['that the user makes the browser send', () => ({ 'sec-fetch-site': 'none' })],
  ])('%s', async (_, headers) => {
    expect((await app.send('POST', RESET, undefined, headers())).status).toBe(200);
    expect((await app.send('PUT', agentPath('guardian'), { xp: 1 }, headers())).status).toBe(200);
  });
});

async function statuses(variables: Record<string, string>, requests: Record<string, string>[]): Promise<number[]> {
  const other = await startTestApp(variables);
  const answered: number[] = [];
  for (const headers of requests) answered.push((await other.send('POST', RESET, undefined, headers)).status);
  await other.close();
  return answered;
}

describe('with AUTH=off', () => {
  it('other origins are refused, except those of CORS_ORIGINS', async () => {
    const requests = [
      { origin: EVIL, 'sec-fetch-site': 'cross-site' },
      { origin: DASHBOARD, 'sec-fetch-site': 'cross-site' },
      { origin: `${DASHBOARD}.evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      {},
    ];
    const variables = { AUTH: 'off', HOST: '0.0.0.0', CORS_ORIGINS: `http://localhost:5173,${DASHBOARD}` };
    expect(await statuses(variables, requests)).toEqual([403, 200, 403, 403, 200]);
  });

  it('the own origin is set by a trusted proxy only', async () => {
    const forwarded = { 'x-forwarded-host': 'metrics.example', 'x-forwarded-proto': 'https' };
    const requests = [
      { ...forwarded, origin: 'https://metrics.example' },
      { ...forwarded, 'x-forwarded-host': 'Metrics.example:443', origin: 'https://metrics.example' },
      { ...forwarded, origin: 'http://metrics.example' },
      { ...forwarded, origin: EVIL },
    ];
    const behind = (TRUST_PROXY: string) => statuses({ AUTH: 'off', HOST: '0.0.0.0', TRUST_PROXY }, requests);
    expect(await behind('loopback')).toEqual([200, 200, 403, 403]);
    expect(await behind('10.0.0.0/8')).toEqual([403, 403, 403, 403]);
  });
});

describe('where a key is required', () => {
  it('pages with a key are allowed from any origin: browsers do not add keys', async () => {
    const adminKey = 'a-key-of-the-container-0123456789abcdef';
    const protectedApp = await startTestApp({ ADMIN_KEY: adminKey });
    const headers = { origin: EVIL, 'sec-fetch-site': 'cross-site' };
    expectProblem(await protectedApp.send('POST', RESET, undefined, headers), 'unauthenticated', RESET);
    const { status } = await protectedApp.send('POST', RESET, undefined, { ...headers, ...bearer(adminKey) });
    await protectedApp.close();
    expect(status).toBe(200);
  });
});
