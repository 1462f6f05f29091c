import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  Module,
  UnauthorizedException,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeys } from '../../../src/auth/api-keys.service.js';
import { KEY_PROPAGATION_MS } from '../../../src/auth/key-ring.js';
import { SCOPES } from '../../../src/http/access/caller.js';
import { createCustodyTest } from '../../factories/custody-test.factory.js';
import { startTokenIssuer, type TokenIssuer } from '../../support/token-issuer.js';
import { bearer } from '../support/keys.js';
import { agentPath, AGENTS, BULK_UPDATE, CUSTODY, custodyPath } from '../support/paths.js';
import { type BothPlatforms, startBothPlatforms } from './both-platforms.js';

const GUARDIAN = agentPath('guardian');
const CUSTODY_TEST = agentPath('guardian', 'custody-test');

let both: BothPlatforms;
const actors = () =>
  Promise.all(
    both.hosts.map(async ({ database }) =>
      (await database.query<{ actor: string | null }>('SELECT DISTINCT actor FROM agent_events ORDER BY actor')).map(
        ({ actor }) => actor,
      ),
    ),
  );

describe('with the access policy keys', () => {
  let issuer: TokenIssuer;
  /** Keys by scope, for each host. */
  let keys: Record<string, string>[];
  beforeAll(async () => {
    issuer = await startTokenIssuer();
    both = await startBothPlatforms({
      policy: 'keys',
      keys: { jwt: { issuer: issuer.url, audience: 'agent-metrics' } },
    });
    keys = await Promise.all(
      both.hosts.map(async ({ app }) => {
        const service = app.get(ApiKeys, { strict: false });
        const created = SCOPES.map(async (scope) => {
          const { key } = await service.create({ name: `key-${scope}`, scope, expiresAt: null });
          return [scope, key] as const;
        });
        return Object.fromEntries(await Promise.all(created));
      }),
    );
  });
  afterAll(async () => {
    await both.close();
    await issuer.close();
  });

  /** Sends the request with the key of this scope. */
  const sendAs = async (scope: string, method: string, path: string, body?: unknown) =>
    Promise.all(
      both.hosts.map(async (host, at) => {
        const { status, headers, text } = await host.send(method, path, body, bearer(keys[at]?.[scope] ?? ''));
        return { status, type: headers.get('content-type'), code: (JSON.parse(text) as { code?: string }).code };
      }),
    );

  it.each([
    ['GET', AGENTS],
    ['PUT', GUARDIAN],
    ['POST', CUSTODY_TEST],
    ['GET', `${CUSTODY}/agents`],
    ['POST', `${CUSTODY}/batch-test`],
  ])('a request without a key is 401: %s %s', async (method, path) => {
    for (const headers of [{}, bearer('wrong'), { 'x-api-key': 'wrong' }, { host: 'localhost' }]) {
      const { status, text, headers: received } = await both.send(method, path, undefined, headers);
      expect([status, received.get('www-authenticate')]).toEqual([401, 'Bearer realm="agent-metrics"']);
      expect(JSON.parse(text)).toMatchObject({ code: 'unauthenticated', instance: path });
    }
  });

  it.each([
    ['read', 'PUT', GUARDIAN, {}],
    ['read', 'POST', CUSTODY_TEST, createCustodyTest()],
    ['read', 'POST', `${CUSTODY}/batch-test`, undefined],
    ['write', 'POST', BULK_UPDATE, { updates: {} }],
    ['write', 'DELETE', agentPath('guardian', 'reset'), undefined],
    ['write', 'DELETE', custodyPath('guardian', 'reset'), undefined],
    ['write', 'POST', `${CUSTODY}/test/guardian/reset`, undefined],
  ])('a key of the scope %s cannot %s %s', async (scope, method, path, body) => {
    const refused = { status: 403, type: 'application/problem+json; charset=utf-8', code: 'scope_missing' };
    expect(await sendAs(scope, method, path, body)).toEqual([refused, refused]);
  });

  it('a key of the scope is allowed, and its name is recorded', async () => {
    for (const [scope, method, path, body] of [
      ['write', 'PUT', GUARDIAN, {}],
      ['read', 'GET', GUARDIAN, undefined],
      ['write', 'GET', GUARDIAN, undefined],
      ['admin', 'DELETE', agentPath('guardian', 'reset'), undefined],
    ] as const) {
      expect((await sendAs(scope, method, path, body)).map(({ status }) => status < 300)).toEqual([true, true]);
    }
    expect(await actors()).toEqual([
      ['key-admin', 'key-write'],
      ['key-admin', 'key-write'],
    ]);
  });

  it('a key that is limited to agents reads and writes these only', async () => {
    const limited = await Promise.all(
      both.hosts.map(async ({ app }) => {
        const keys = app.get(ApiKeys, { strict: false });
        return keys.create({ name: 'limited', scope: 'admin', expiresAt: null, agents: ['team-a', 'team-a.*'] });
      }),
    );
    await sleep(KEY_PROPAGATION_MS);
    const send = (method: string, path: string, body?: unknown) =>
      Promise.all(
        both.hosts.map(async (host, at) => {
          const { status, text } = await host.send(method, path, body, bearer(limited[at]?.key ?? ''));
          return [status, (JSON.parse(text) as { code?: string }).code, text.includes('guardian')];
        }),
      );
    const twice = <T>(response: T): T[] => [response, response];
    const allowed = (status: number) => twice([status, undefined, false]);
    const refused = (names: boolean) => twice([403, 'agent_forbidden', names]);
    expect(await send('PUT', agentPath('team-a.1'), {})).toEqual(allowed(201));
    expect(await send('GET', agentPath('team-a.1'))).toEqual(allowed(200));
    for (const path of [AGENTS, `${AGENTS}/leaderboard`, `${CUSTODY}/agents`, CUSTODY]) {
      expect(await send('GET', path)).toEqual(allowed(200));
    }
    // The member `instance` of the problem has the path.
    for (const path of [GUARDIAN, custodyPath('guardian'), `${CUSTODY}/test/guardian/status`]) {
      expect(await send('GET', path)).toEqual(refused(true));
    }
    expect(await send('POST', CUSTODY_TEST, createCustodyTest())).toEqual(refused(true));
    expect(await send('POST', BULK_UPDATE, { updates: { 'team-a': {}, guardian: {} } })).toEqual(refused(false));
  });

  it('a token is allowed by its scope, and its subject is recorded', async () => {
    const token = await issuer.sign({ sub: 'runner', scope: 'agent-metrics:write' });
    expect((await both.send('PUT', agentPath('tokens'), {}, bearer(token))).status).toBe(201);
    expect((await both.send('DELETE', agentPath('tokens', 'reset'), undefined, bearer(token))).status).toBe(403);
    for (const names of await actors()) expect(names).toContain('jwt:runner');
  });
});

describe('with the access policy host', () => {
  /** The guard of the host: sets the caller by its own header, or refuses. */
  @Injectable()
  class HostGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; caller?: object }>();
      const { 'x-user': name } = request.headers;
      if (name === undefined) throw new UnauthorizedException();
      if (name === 'nobody') throw new ForbiddenException({ reason: 'nobody may' });
      request.caller = { name };
      return true;
    }
  }
  @Module({ providers: [{ provide: APP_GUARD, useClass: HostGuard }] })
  class HostGuardModule {}

  beforeAll(async () => {
    both = await startBothPlatforms({ policy: 'host', modules: [HostGuardModule] });
  });
  afterAll(() => both.close());

  it('the guard of the host decides, and its errors are sent by the host', async () => {
    const { status, text } = await both.send('GET', AGENTS);
    expect([status, JSON.parse(text)]).toEqual([401, { message: 'Unauthorized', statusCode: 401 }]);
    const refused = await both.send('PUT', GUARDIAN, {}, { 'x-user': 'nobody' });
    expect([refused.status, JSON.parse(refused.text)]).toEqual([403, { reason: 'nobody may' }]);
  });

  it('the caller that the host sets is recorded', async () => {
    const headers = { 'x-user': 'somebody', origin: 'https://other.example' };
    expect((await both.send('PUT', GUARDIAN, {}, headers)).status).toBe(201);
    expect(await actors()).toEqual([['somebody'], ['somebody']]);
  });
});

describe('with the access policy host, callers that the host limits to agents', () => {
  @Injectable()
  class LimitingGuard implements CanActivate {
    canActivate(context: ExecutionContext): boolean {
      const request = context.switchToHttp().getRequest<{ headers: Record<string, string>; caller?: object }>();
      request.caller = { name: 'somebody', agents: request.headers['x-agents']?.split(',') };
      return true;
    }
  }
  @Module({ providers: [{ provide: APP_GUARD, useClass: LimitingGuard }] })
  class LimitingGuardModule {}

  beforeAll(async () => {
    both = await startBothPlatforms({ policy: 'host', modules: [LimitingGuardModule] });
  });
  afterAll(() => both.close());

  it('read and write these only', async () => {
    const limited = { 'x-agents': 'team-a.*' };
    expect((await both.send('PUT', GUARDIAN, {})).status).toBe(201);
    expect((await both.send('PUT', GUARDIAN, {}, limited)).status).toBe(403);
    expect((await both.send('GET', GUARDIAN, undefined, limited)).status).toBe(403);
    expect((await both.send('PUT', agentPath('team-a.1'), {}, limited)).status).toBe(201);
    const { text } = await both.send('GET', AGENTS, undefined, limited);
    expect(JSON.parse(text)).toMatchObject({ total_agents: 1, agents: ['team-a.1'] });
  });

  it('are refused if the patterns are invalid', async () => {
    expect((await both.send('GET', AGENTS, undefined, { 'x-agents': '*' })).status).toBe(400);
  });
});

describe('the access policy keys without keys', () => {
  afterEach(() => both.close());

  it('allows nobody, also on the loopback interface', async () => {
    both = await startBothPlatforms({ policy: 'keys' });
    expect((await both.send('GET', AGENTS)).status).toBe(401);
  });
});
