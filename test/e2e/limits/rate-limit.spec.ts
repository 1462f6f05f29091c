import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { AgentAccess } from '../../../src/common/agent-access.js';
import { type Answer, startTestApp, type TestApp } from '../../support/test-app.js';
import { bearer } from '../support/keys.js';
import { agentPath, AGENTS } from '../support/paths.js';
import { expectProblem, expectRefused } from '../support/problem.js';

/** Says who calls by the header x-caller, in place of keys. */
@Module({})
class CallersModule {
  constructor({ httpAdapter }: HttpAdapterHost<FastifyAdapter>) {
    httpAdapter.getInstance().addHook('onRequest', (request, _reply, done) => {
      const name = request.headers['x-caller'];
      request.caller = typeof name === 'string' ? { name, scope: 'admin', agents: AgentAccess.ALL } : null;
      done();
    });
  }
}

/** How many of these requests, one after the other, are answered before one is refused. */
async function answeredOf(app: TestApp, requests: Record<string, string>[]): Promise<number> {
  for (const [index, headers] of requests.entries()) {
    if ((await app.send('GET', AGENTS, undefined, headers)).status === 429) return index;
  }
  return requests.length;
}

const from = (address: string) => ({ 'x-forwarded-for': address });

describe('without a rate limit', () => {
  it('nothing is counted', async () => {
    const app = await startTestApp();
    const { headers } = await app.send('GET', AGENTS);
    await app.close();
    expect([headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([null, null]);
  });
});

describe('a rate limit of 3 requests an hour', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startTestApp({ RATE_LIMIT: '3/hour' }, undefined, [CallersModule]);
  });
  afterAll(() => app.close());

  const read = (caller: string): Promise<Answer> => app.send('GET', AGENTS, undefined, { 'x-caller': caller });

  it('is in every response, with the remaining requests', async () => {
    const answers = [await read('teller'), await read('teller'), await read('teller')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ headers }) => headers.get('ratelimit-policy'))).toEqual(
      answers.map(() => '"default";q=3;w=3600'),
    );
    expect(answers.map(({ headers }) => headers.get('ratelimit'))).toEqual(
      [2, 1, 0].map((left) => expect.stringMatching(new RegExp(`^"default";r=${left};t=3(600|5\\d\\d)$`)) as unknown),
    );
  });

  it('refuses requests above it without effect, with Retry-After', async () => {
    const headers = { 'x-caller': 'writer' };
    const path = agentPath('guardian');
    for (const xp of [1, 2, 3]) expect((await app.send('PUT', path, { xp }, headers)).status).toBe(200);
    await expectRefused(app, { method: 'PUT', path, body: { xp: 4 }, headers }, 'rate_limited');

    const refused = await app.send('PUT', path, { xp: 4 }, headers);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(3_500);
    expect(seconds).toBeLessThanOrEqual(3_600);
    expect(refused.headers.get('ratelimit')).toBe(`"default";r=0;t=${seconds}`);
  });

  it('applies to each caller, by name at one address', async () => {
    expect(
      await answeredOf(
        app,
        Array.from({ length: 5 }, () => ({ 'x-caller': 'one' })),
      ),
    ).toBe(3);
    expect((await read('another')).status).toBe(200);
  });

  it('counts 404 and 405', async () => {
    const headers = { 'x-caller': 'prober' };
    expect((await app.send('GET', '/nowhere', undefined, headers)).status).toBe(404);
    expect((await app.send('GET', agentPath('nobody'), undefined, headers)).status).toBe(404);
    expect((await app.send('PATCH', AGENTS, undefined, headers)).status).toBe(405);
    expectProblem(await app.send('GET', '/nowhere', undefined, headers), 'rate_limited', '/nowhere');
  });

  it('does not apply to health', async () => {
    for (let count = 0; count < 5; count++) {
      const { status, headers } = await app.send('GET', '/health/live', undefined, { 'x-caller': 'orchestrator' });
      expect([status, headers.get('ratelimit')]).toEqual([200, null]);
    }
  });
});

describe('a rate limit where keys are required', () => {
  it('counts attempts with keys by address, and valid keys by name', async () => {
    const adminKey = 'a-key-of-the-container-0123456789abcdef';
    const app = await startTestApp({ RATE_LIMIT: '3/hour', ADMIN_KEY: adminKey });
    const statusWith = async (key: string) => (await app.send('GET', AGENTS, undefined, bearer(key))).status;
    const tried = [await statusWith('a'), await statusWith('b'), await statusWith('c'), await statusWith('d')];
    const owned = [await statusWith(adminKey), await statusWith(adminKey)];
    await app.close();
    expect(tried).toEqual([401, 401, 401, 429]);
    expect(owned).toEqual([200, 200]);
  });
});

describe('a rate limit of callers without a name', () => {
  const with3AnHour = async (variables: Record<string, string>, work: (app: TestApp) => Promise<void>) => {
    const app = await startTestApp({ RATE_LIMIT: '3/hour', ...variables });
    try {
      await work(app);
    } finally {
      await app.close();
    }
  };

  it('applies to their address, whatever their headers contain', async () => {
    await with3AnHour({}, async (app) => {
      expect(
        await answeredOf(
          app,
          [1, 2, 3, 4, 5].map((n) => from(`192.0.2.${n}`)),
        ),
      ).toBe(3);
    });
  });

  it('applies to the proxy if another one is trusted', async () => {
    await with3AnHour({ TRUST_PROXY: '10.0.0.0/8' }, async (app) => {
      expect(
        await answeredOf(
          app,
          [1, 2, 3, 4, 5].map((n) => from(`192.0.2.${n}`)),
        ),
      ).toBe(3);
    });
  });

  it('applies to the address that a trusted proxy sets', async () => {
    await with3AnHour({ TRUST_PROXY: 'loopback,10.0.0.0/8' }, async (app) => {
      const five = [1, 2, 3, 4, 5];
      expect(
        await answeredOf(
          app,
          five.map((n) => from(`192.0.2.${n}`)),
        ),
      ).toBe(5);
      // Entries before the address that the proxy has seen can be forged by the client.
      expect(
        await answeredOf(
          app,
          five.map((n) => from(`198.51.100.${n}, 203.0.113.7`)),
        ),
      ).toBe(3);
      // Of two trusted proxies the outer one has seen the client.
      expect(
        await answeredOf(
          app,
          five.map(() => from('203.0.113.8, 10.1.2.3')),
        ),
      ).toBe(3);
      expect(
        await answeredOf(
          app,
          five.map((n) => from(`not an address ${n}`)),
        ),
      ).toBe(3);
    });
  });

  it('applies to an IPv6 network of 64 bits', async () => {
    await with3AnHour({ TRUST_PROXY: 'loopback' }, async (app) => {
      expect(
        await answeredOf(
          app,
          [1, 2, 3, 4, 5].map((n) => from(`2001:db8:0:7:${n}::${n}`)),
        ),
      ).toBe(3);
      expect(
        await answeredOf(
          app,
          [1, 2, 3, 4, 5].map((n) => from(`2001:db8:0:8${n}::1`)),
        ),
      ).toBe(5);
    });
  });
});
