import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { KEY_PROPAGATION_MS } from '../../src/auth/key-ring.js';
import { buildOpenApiDocument } from '../../src/http/openapi/openapi.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { bearer, createKey } from './support/keys.js';
import { expectProblem } from './support/problem.js';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

const request = (path: string, headers: Record<string, string>, method = 'GET') =>
  fetch(`${app.url}${path}`, { method, headers, redirect: 'manual' });

function redirects(): void {
  it.each([
    ['GET', '/'],
    ['GET', '/?from=bookmark'],
    ['HEAD', '/'],
  ])('redirects %s %s of a browser to /docs', async (method, path) => {
    const response = await request(path, BROWSER, method);
    expect([response.status, response.headers.get('location')]).toEqual([302, '/docs']);
    expect(response.headers.get('vary')).toBe('Accept');
    expect(await (await fetch(`${app.url}/`, { headers: BROWSER })).text()).toContain('swagger');
  });
}

describe('the root path', () => {
  describe('while no key exists', () => {
    redirects();

    it.each([
      ['GET', '/', {}],
      ['GET', '/', { accept: 'application/json' }],
      ['POST', '/', BROWSER],
      ['GET', '/unknown', BROWSER],
    ])('responds 404 to %s %s with %j', async (method, path, headers) => {
      expectProblem(await app.send(method, path, undefined, headers), 'route_not_found', path);
    });
  });

  describe('when a key exists', () => {
    let key: string;
    beforeAll(async () => {
      key = await createKey(app, { name: 'reader', scope: 'read' });
      await sleep(KEY_PROPAGATION_MS);
    });

    redirects();

    it('requires a key from other clients, as any unknown path', async () => {
      expectProblem(await app.send('GET', '/'), 'unauthenticated', '/');
      expectProblem(await app.send('GET', '/', undefined, bearer(key)), 'route_not_found', '/');
    });
  });

  it('is not part of the OpenAPI document', () => {
    expect(buildOpenApiDocument(app.app).paths).not.toHaveProperty(['/']);
  });
});
