import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { agentPath, AGENTS, CUSTODY } from '../support/paths.js';
import { expectProblem } from '../support/problem.js';

const ORIGIN = 'https://dashboard.example';
const CORS = /^(access-control-|vary$)/;

const namesOf = ({ headers }: { headers: Headers }, pattern: RegExp): string[] =>
  [...headers.keys()].filter((name) => pattern.test(name));

const preflight = (origin: string, method: string) => ({ origin, 'access-control-request-method': method });

describe('the service tells browsers', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(() => app.close());

  it.each([AGENTS, agentPath('guardian'), agentPath('nobody'), '/nowhere', '/health/live', '/docs-json', '/%ff'])(
    'not to run, frame or sniff %s',
    async (path) => {
      const { headers } = await app.send('GET', path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers.has('strict-transport-security')).toBe(false);
      expect(headers.has('x-powered-by')).toBe(false);
    },
  );

  it('that Swagger UI can only run its own files and call the API', async () => {
    for (const path of ['/docs', '/docs/swagger-ui-init.js']) {
      const { status, headers } = await app.send('GET', path);
      expect(status).toBe(200);
      const policy = headers.get('content-security-policy')?.split('; ');
      expect(policy).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          "connect-src 'self'",
          "frame-ancestors 'none'",
        ]),
      );
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
    }
  });

  it('to store only responses with an ETag', async () => {
    expect((await app.send('GET', AGENTS)).headers.get('cache-control')).toBe('no-store');
    expect((await app.send('PUT', agentPath('guardian'), { xp: 1 })).headers.get('cache-control')).toBe('no-store');
    const { headers } = await app.send('GET', agentPath('guardian'));
    expect(headers.get('cache-control')).toBe('private, no-cache');
    const again = await app.send('GET', agentPath('guardian'), undefined, {
      'if-none-match': headers.get('etag') ?? '',
    });
    expect([again.status, again.headers.get('cache-control')]).toEqual([304, 'private, no-cache']);
  });

  it('nothing to pages of other origins', async () => {
    const answer = await app.send('GET', AGENTS, undefined, { origin: ORIGIN });
    expect(namesOf(answer, CORS)).toEqual([]);
    const asked = await app.send('OPTIONS', AGENTS, undefined, preflight(ORIGIN, 'GET'));
    expectProblem(asked, 'method_not_allowed', AGENTS);
    expect(namesOf(asked, CORS)).toEqual([]);
  });
});

describe('Strict-Transport-Security', () => {
  let app: TestApp;
  afterEach(() => app.close());

  it.each([
    ['loopback', { https: 'max-age=31536000', http: null }],
    ['10.0.0.0/8', { https: null, http: null }],
  ])('is sent if the proxies at %s are trusted and set the protocol: %j', async (TRUST_PROXY, expected) => {
    app = await startTestApp({ TRUST_PROXY });
    const said = async (protocol: string) =>
      (await app.send('GET', AGENTS, undefined, { 'x-forwarded-proto': protocol })).headers.get(
        'strict-transport-security',
      );
    expect({ https: await said('https'), http: await said('http') }).toEqual(expected);
  });
});

describe('with CORS_ORIGINS', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ CORS_ORIGINS: `${ORIGIN},http://localhost:5173`, RATE_LIMIT: '1/hour' });
  });
  afterAll(() => app.close());

  it.each(['PUT', 'DELETE', 'POST'])(
    'a page of an origin can send a preflight for %s, without a key and without limit',
    async (method) => {
      const { status, headers, body } = await app.send('OPTIONS', agentPath('guardian'), undefined, {
        ...preflight(ORIGIN, method),
        'access-control-request-headers': 'authorization,content-type,idempotency-key,if-match',
      });
      expect([status, body]).toEqual([204, '']);
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(headers.get('access-control-allow-methods')?.split(', ')).toContain(method);
      expect(headers.get('access-control-allow-headers')?.toLowerCase().split(', ')).toEqual(
        expect.arrayContaining([
          'authorization',
          'x-api-key',
          'content-type',
          'idempotency-key',
          'if-match',
          'if-none-match',
        ]),
      );
      expect(headers.has('access-control-allow-credentials')).toBe(false);
    },
  );

  it('it can read the responses, also errors, and their headers', async () => {
    const answers = [
      await app.send('GET', AGENTS, undefined, { origin: ORIGIN }),
      await app.send('GET', AGENTS, undefined, { origin: ORIGIN }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
    for (const { headers } of answers) {
      expect(headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(headers.get('vary')).toMatch(/origin/i);
      expect(headers.get('access-control-expose-headers')?.split(', ')).toEqual(
        expect.arrayContaining(['ETag', 'Idempotency-Replayed', 'RateLimit', 'RateLimit-Policy', 'Retry-After']),
      );
    }
  });

  it.each(['https://evil.example', 'https://dashboard.example.evil.example', 'null', 'HTTPS://dashboard.example'])(
    'a page of %s cannot',
    async (origin) => {
      for (const answer of [
        await app.send('OPTIONS', AGENTS, undefined, preflight(origin, 'GET')),
        await app.send('GET', '/health/live', undefined, { origin }),
      ]) {
        expect(answer.headers.has('access-control-allow-origin')).toBe(false);
      }
    },
  );
});

describe('with CORS_ORIGINS the methods of a path', () => {
  let app: TestApp;
  afterEach(() => app.close());

  it('are the same as without', async () => {
    app = await startTestApp({ CORS_ORIGINS: ORIGIN });
    for (const headers of [{}, { origin: ORIGIN }]) {
      const options = await app.send('OPTIONS', CUSTODY, undefined, headers);
      expectProblem(options, 'method_not_allowed', CUSTODY);
      expect(options.headers.get('allow')).toBe('GET, HEAD');
      for (const method of ['OPTIONS', 'GET', 'PUT']) {
        expectProblem(await app.send(method, '/nowhere', undefined, headers), 'route_not_found', '/nowhere');
      }
    }
  });
});
