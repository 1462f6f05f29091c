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

function pages(): void {
  it.each([
    ['GET', '/', './'],
    ['HEAD', '/?q=guardian', './'],
    ['GET', '/leaderboard?period=week', './'],
    ['GET', '/leaderboard/', '../'],
    ['GET', '/agents/team%2Freviewer', '../'],
    ['GET', '/ingest', './'],
    ['GET', '/webhooks?endpoint=0193b7a2-5f4e-7cc0-8a51-3a1f7c9d2e10', './'],
    ['GET', '/keys', './'],
  ])('sends the dashboard for %s %s of a browser', async (method, path, root) => {
    const response = await request(path, BROWSER, method);
    expect(response.status).toBe(200);
    expect(response.headers.get('vary')).toBe('Accept');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'; style-src 'self'; ");
    const html = method === 'HEAD' ? '' : await response.text();
    if (method === 'GET') expect(html).toContain(`<base href="${root}" />`);
    for (const [, asset = ''] of html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)) {
      const { status, headers } = await request(`/${asset}`, {});
      expect([asset, status]).toEqual([asset, 200]);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    }
  });
}

describe('the paths of the dashboard', () => {
  it.each([
    ['/unknown', './'],
    ['/agents', './'],
    ['/agents/a/b', '../../'],
  ])('get the dashboard with status 404 if no page has the path: %s', async (path, root) => {
    const response = await request(path, BROWSER);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toContain(`<base href="${root}" />`);
  });

  describe('while no key exists', () => {
    pages();

    it.each([
      ['GET', '/', {}],
      ['GET', '/', { accept: 'application/json' }],
      ['POST', '/', BROWSER],
      ['GET', '/api/unknown', BROWSER],
      ['POST', '/unknown', BROWSER],
      ['GET', '/leaderboard', { accept: 'application/json' }],
      ['GET', '/assets/unknown.js', {}],
      ['GET', '/assets/..%2f..%2fsrc%2fmain.js', {}],
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

    pages();

    it('requires a key from other clients, as any unknown path', async () => {
      expectProblem(await app.send('GET', '/'), 'unauthenticated', '/');
      expectProblem(await app.send('GET', '/', undefined, bearer(key)), 'route_not_found', '/');
    });
  });

  it('are not part of the OpenAPI document', () => {
    expect(
      Object.keys(buildOpenApiDocument(app.app).paths).filter((path) => !/^\/(api|health|metrics)/.test(path)),
    ).toEqual([]);
  });
});
