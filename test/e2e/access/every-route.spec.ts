import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SCOPES, type Scope } from '../../../src/http/access/caller.js';
import { buildOpenApiDocument } from '../../../src/http/openapi/openapi.js';
import { type Answer, startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer, createKey } from '../support/keys.js';
import { AGENTS } from '../support/paths.js';
import { expectProblem } from '../support/problem.js';
import { stored } from '../support/read.js';

/** Contract with clients; not read from the source. */
const ADMIN_ROUTES = [
  'POST /api/agent-metrics/bulk-update',
  'DELETE /api/agent-metrics/{agent_type}/reset',
  'POST /api/agent-metrics/{agent_type}/events/{version}/void',
  'POST /api/agent-metrics/{agent_type}/rename',
  'POST /api/agent-metrics/{agent_type}/merge',
  'DELETE /api/agent-metrics/{agent_type}',
  'DELETE /api/custody/agents/{agent_type}/reset',
  'POST /api/custody/test/{ai_type}/reset',
  'GET /api/keys',
  'POST /api/keys',
  'POST /api/keys/{name}/rotate',
  'DELETE /api/keys/{name_or_id}',
  'GET /api/webhooks',
  'POST /api/webhooks',
  'GET /api/webhooks/{id}',
  'PATCH /api/webhooks/{id}',
  'DELETE /api/webhooks/{id}',
  'POST /api/webhooks/{id}/rotate-secret',
  'POST /api/webhooks/{id}/test',
  'POST /api/webhooks/{id}/replay',
  'GET /api/webhooks/{id}/deliveries',
];
const PUBLIC_ROUTES = ['GET /health/live', 'GET /health/ready', 'GET /health', 'GET /api/health'];

interface Route {
  method: string;
  path: string;
  needs: Scope;
  documented: { security: unknown; statuses: string[] };
}

let app: TestApp;
let routes: Route[];
let publicRoutes: Route[];
const keys = new Map<Scope, string>();

beforeAll(async () => {
  app = await startTestApp();
  for (const scope of SCOPES) keys.set(scope, await createKey(app, { name: scope, scope }));
  const all = routesOf(app);
  routes = all.filter(({ method, path }) => !PUBLIC_ROUTES.includes(`${method} ${path}`));
  publicRoutes = all.filter((route) => !routes.includes(route));
});
afterAll(() => app.close());

function routesOf({ app: application }: TestApp): Route[] {
  const { paths, security } = buildOpenApiDocument(application);
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { responses: object; security?: unknown }>).map(([name, operation]) => {
      const method = name.toUpperCase();
      const needs = ADMIN_ROUTES.includes(`${method} ${path}`) ? 'admin' : method === 'GET' ? 'read' : 'write';
      const documented = {
        security: operation.security ?? security,
        statuses: Object.keys(operation.responses),
      };
      return { method, path, needs, documented };
    }),
  );
}

const call = ({ method, path }: Route, headers: Record<string, string> = {}): Promise<Answer> =>
  app.send(method, path.replace(/\{\w+\}/g, 'guardian'), method === 'GET' ? undefined : {}, {
    ...headers,
    // Refused after the access control: the response of a stream has no end.
    ...(path === '/api/feed' && { 'last-event-id': 'none' }),
  });

const keyOf = (scope: Scope): string => keys.get(scope) ?? '';

describe('every route of the OpenAPI document', () => {
  it('exists: those of agents, custody, analytics and health', () => {
    expect(routes.length).toBeGreaterThan(30);
    expect(publicRoutes).toHaveLength(PUBLIC_ROUTES.length);
    const admin = routes.filter(({ needs }) => needs === 'admin').map(({ method, path }) => `${method} ${path}`);
    expect(admin.sort()).toEqual([...ADMIN_ROUTES].sort());
  });

  it('without a key is 401 before the request is read; health is open', async () => {
    const before = await stored(app);
    for (const route of routes) {
      const answer = await call(route);
      expectProblem(answer, 'unauthenticated', route.path.replace(/\{\w+\}/g, 'guardian'));
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /);
    }
    expect(await stored(app)).toEqual(before);
    for (const route of publicRoutes) expect((await call(route)).status).toBe(200);
  });

  it('with a key of an insufficient scope is 403', async () => {
    const before = await stored(app);
    for (const route of routes.filter(({ needs }) => needs !== 'read')) {
      for (const smaller of SCOPES.slice(0, SCOPES.indexOf(route.needs))) {
        expectProblem(
          await call(route, bearer(keyOf(smaller))),
          'scope_missing',
          route.path.replace(/\{\w+\}/g, 'guardian'),
        );
      }
    }
    expect(await stored(app)).toEqual(before);
  });

  it('with a key of the scope, or a larger one, is allowed', async () => {
    for (const route of routes) {
      for (const scope of SCOPES.slice(SCOPES.indexOf(route.needs))) {
        const { status } = await call(route, { 'x-api-key': keyOf(scope) });
        expect([route.method, route.path, status]).not.toEqual([route.method, route.path, 401]);
        expect([route.method, route.path, status]).not.toEqual([route.method, route.path, 403]);
      }
    }
  });

  it('documents its security, and 401 and 403', () => {
    for (const { documented } of routes) {
      expect(documented.security).toEqual([{ bearer: [] }, { apiKey: [] }]);
      expect(documented.statuses).toEqual(expect.arrayContaining(['401', '403']));
    }
    for (const { documented } of publicRoutes) expect(documented.security).toEqual([{}]);
  });
});

describe('without a key', () => {
  it.each([
    ['GET', '/nowhere'],
    ['PATCH', AGENTS],
    ['OPTIONS', AGENTS],
    ['HEAD', AGENTS],
    ['GET', '/docsx'],
  ])('%s %s is 401', async (method, path) => {
    expect((await app.send(method, path)).status).toBe(401);
  });

  it.each(['/docs', '/docs/swagger-ui.css', '/docs-json', '/docs-yaml'])('%s is open', async (path) => {
    expect((await app.send('GET', path)).status).toBe(200);
  });

  it('a body that cannot be read is also 401', async () => {
    expect((await app.send('PUT', `${AGENTS}/guardian`, '{')).status).toBe(401);
  });
});
