import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { startTokenIssuer, type TokenIssuer } from '../../support/token-issuer.js';
import { bearer } from '../support/keys.js';
import { agentPath, AGENTS } from '../support/paths.js';
import { expectProblem } from '../support/problem.js';

const SCOPE = { sub: 'runner', scope: 'openid agent-metrics:write agent-metrics:read' };

let issuer: TokenIssuer;
let app: TestApp;
beforeAll(async () => {
  issuer = await startTokenIssuer();
  app = await startTestApp({ JWT_ISSUER: issuer.url, JWT_AUDIENCE: 'agent-metrics' });
});
afterAll(async () => {
  await app.close();
  await issuer.close();
});

const get = (token: string) => app.send('GET', AGENTS, undefined, bearer(token));

describe('a token of the issuer', () => {
  it('allows what its scopes allow, and is required for each request', async () => {
    const token = await issuer.sign(SCOPE);
    expect((await app.send('GET', AGENTS)).status).toBe(401);
    expect((await get(token)).status).toBe(200);
    expect((await app.send('PUT', agentPath('guardian'), { xp: 1 }, bearer(token))).status).toBe(200);
    const path = agentPath('guardian', 'reset');
    expectProblem(await app.send('DELETE', path, undefined, bearer(token)), 'scope_missing', path);
  });

  it('names the actor of events', async () => {
    const write = async (sub: string) => {
      const token = await issuer.sign({ ...SCOPE, sub });
      await app.send('PUT', agentPath('audited'), { xp: 1 }, bearer(token));
      const [event] = await app.database.query('SELECT actor FROM agent_events ORDER BY id DESC LIMIT 1');
      return event?.['actor'] as string;
    };
    expect(await write('runner@example.org')).toBe('jwt:runner@example.org');
    expect(await write('x'.repeat(200))).toMatch(/^jwt:[0-9a-f]{64}$/);
    expect(await write('Läufer\u0000')).toMatch(/^jwt:[0-9a-f]{64}$/);
  });

  it('can have its scopes in scp, as a list', async () => {
    const token = await issuer.sign({ sub: 'runner', scp: ['agent-metrics:admin'] });
    expect((await app.send('DELETE', agentPath('guardian', 'reset'), undefined, bearer(token))).status).toBe(200);
  });

  it('without a scope of this service allows nothing', async () => {
    const token = await issuer.sign({ sub: 'runner', scope: 'read write admin other:admin' });
    expectProblem(await get(token), 'scope_missing', AGENTS);
  });

  it.each([['team-a/*'], [['other', 'team-a/*']], [['guardian']]])('is limited to its agents %j', async (agents) => {
    const token = await issuer.sign({ ...SCOPE, agents });
    const statuses = ['guardian', 'team-a/x', 'team-b'].map(
      async (agentType) => (await app.send('GET', agentPath(agentType), undefined, bearer(token))).status,
    );
    const expected = agents.includes('guardian') ? [200, 403, 403] : [403, 404, 403];
    expect(await Promise.all(statuses)).toEqual(expected);
    const { body } = await get(token);
    expect(body).toMatchObject({ agents: agents.includes('guardian') ? ['guardian'] : [] });
  });

  it.each([null, '', '*', [], {}, 7, ['a', 7], Array(101).fill('a'), 'x'.repeat(52)])(
    'with the agents %j is refused',
    async (agents) => {
      expectProblem(await get(await issuer.sign({ ...SCOPE, agents })), 'unauthenticated', AGENTS);
    },
  );

  it.each([
    ['for someone else', { ...SCOPE, aud: 'another-service' }],
    ['of another issuer', { ...SCOPE, iss: 'https://issuer.example.org' }],
    ['that has ended', { ...SCOPE, exp: 1_700_000_000 }],
    ['that starts later', { ...SCOPE, nbf: 4_000_000_000 }],
    ['of nobody', { scope: 'agent-metrics:read' }],
    ['without an end', { ...SCOPE, exp: undefined as unknown as number }],
  ])('%s is refused', async (_, claims) => {
    expectProblem(await get(await issuer.sign(claims)), 'unauthenticated', AGENTS);
  });

  it.each([null, true, 7, [], ['runner'], {}, ''])('whose sub is %j is refused', async (sub) => {
    const token = await issuer.sign({ ...SCOPE, sub: sub as string });
    expectProblem(await get(token), 'unauthenticated', AGENTS);
    expectProblem(await get(token), 'unauthenticated', AGENTS);
  });

  it('signed with another key, with a secret, or not at all, is refused', async () => {
    const { privateKey } = await generateKeyPair('ES256');
    const claims = { ...SCOPE, iss: issuer.url, aud: 'agent-metrics', exp: 4_000_000_000 };
    const forged = [
      await issuer.sign(claims, privateKey),
      await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.alloc(32)),
      new UnsecuredJWT(claims).encode(),
      `${await issuer.sign(claims)}x`,
    ];
    for (const token of forged) expectProblem(await get(token), 'unauthenticated', AGENTS);
  });
});

describe('an unusable key of the issuer', () => {
  const KEYS: [name: string, key: () => Promise<object | null>][] = [
    ['of RSA with 1,024 bits', () => Promise.resolve(weakRsaKey())],
    ['whose id is an object', async () => ({ ...(await esKey()), kid: {} })],
    ['whose numbers are objects', async () => ({ ...(await esKey()), x: {}, y: [] })],
    ['whose numbers are missing', () => Promise.resolve({ kty: 'EC', crv: 'P-256' })],
    ['whose numbers are no point', async () => ({ ...(await esKey()), x: 'AAAA' })],
    ['whose operations are a number', async () => ({ ...(await esKey()), key_ops: 7 })],
    ['that is private', async () => exportJWK((await generateKeyPair('ES256', { extractable: true })).privateKey)],
    ['that is none', () => Promise.resolve(null)],
  ];

  it.each(KEYS)('%s: its tokens are 401, and those of other keys are valid', async (_, key) => {
    const other = await startTokenIssuer();
    const published = await key();
    other.keys.push(published === null ? null : { kid: 'bad', use: 'sig', ...published });
    const served = await startTestApp({ JWT_ISSUER: other.url, JWT_AUDIENCE: 'agent-metrics' });
    const good = await other.sign(SCOPE);
    const alg = published !== null && 'n' in published ? 'RS256' : 'ES256';
    const signed = await other.sign(SCOPE, undefined, { kid: 'bad' });
    const bad = signed.replace(/^[^.]+/, Buffer.from(JSON.stringify({ alg, kid: 'bad' })).toString('base64url'));
    const answers = [];
    for (const token of [good, bad, bad, good]) {
      answers.push((await served.send('GET', AGENTS, undefined, bearer(token))).status);
    }
    await served.close();
    await other.close();
    expect(answers).toEqual([200, 401, 401, 200]);
  });

  it('that is named by an object is 401', async () => {
    const header = Buffer.from(JSON.stringify({ alg: 'ES256', kid: {} })).toString('base64url');
    const token = (await issuer.sign(SCOPE)).replace(/^[^.]+/, header);
    expectProblem(await get(token), 'unauthenticated', AGENTS);
  });
});

const esKey = async (): Promise<JWK> => exportJWK((await generateKeyPair('ES256')).publicKey);

/** One that `jose` would not make. */
const weakRsaKey = (): JsonWebKey =>
  generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey.export({ format: 'jwk' });

describe('while the issuer is unavailable', () => {
  it('a token is 503 issuer_unavailable', async () => {
    const away = await startTokenIssuer();
    const token = await away.sign(SCOPE);
    await away.close();
    const later = await startTestApp({ JWT_ISSUER: away.url, JWT_AUDIENCE: 'agent-metrics' });
    try {
      expectProblem(await later.send('GET', AGENTS, undefined, bearer(token)), 'issuer_unavailable', AGENTS);
    } finally {
      await later.close();
    }
  });
});
