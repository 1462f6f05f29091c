import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { startTokenIssuer, type TokenIssuer } from '../../support/token-issuer.js';
import { bearer } from '../support/keys.js';
import { AGENTS } from '../support/paths.js';
import { until } from '../support/until.js';

const SCOPE = { sub: 'runner', scope: 'agent-metrics:read' };
const ADMIN_KEY = 'a-key-of-the-container-0123456789abcdef';

let issuer: TokenIssuer;
let app: TestApp;
beforeEach(async () => {
  issuer = await startTokenIssuer();
});
afterEach(async () => {
  await app.close();
  await issuer.close();
});

const start = async (variables: Record<string, string> = {}): Promise<void> => {
  app = await startTestApp({ JWT_ISSUER: issuer.url, JWT_AUDIENCE: 'agent-metrics', ADMIN_KEY, ...variables });
};
const statusWith = async (token: string): Promise<number> =>
  (await app.send('GET', AGENTS, undefined, bearer(token))).status;
const forged = (n: number): string => `e30.${Buffer.from(String(n)).toString('base64url')}.e30`;
/** A token with the form of one of the issuer's, of a key that it does not have. */
const ofUnknownKey = async (n: number): Promise<string> => issuer.sign(SCOPE, undefined, { kid: `unknown-${n}` });

async function statusesOf(count: number, token: (n: number) => Promise<string> | string): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < count; n++) statuses.push(await statusWith(await token(n)));
  return statuses;
}

describe('while the issuer fails', () => {
  it('forged tokens count for the rate limit, and keys still work', async () => {
    issuer.state = 'failing';
    await start({ RATE_LIMIT: '5/hour' });
    const signed = await issuer.sign(SCOPE);
    const statuses = await statusesOf(12, (n) => signed.replace(/^[^.]+/, (header) => header + '_'.repeat(n)));
    expect(statuses.filter((status) => status === 429)).toHaveLength(7);
    expect(statuses.slice(5)).toEqual(Array.from({ length: 7 }, () => 429));
    expect(await statusWith(ADMIN_KEY)).toBe(200);
  });

  it('it is requested once, not for each token', async () => {
    issuer.state = 'failing';
    await start();
    expect(await statusesOf(12, ofUnknownKey)).toEqual(Array.from({ length: 12 }, () => 503));
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration']);
  });

  it('tokens of known keys still work, whatever others send', async () => {
    await start();
    const token = await issuer.sign(SCOPE);
    expect(await statusWith(token)).toBe(200);
    issuer.state = 'failing';
    await statusesOf(5, ofUnknownKey);
    expect(await statusWith(token)).toBe(200);
  });
});

describe('while the issuer publishes invalid keys', () => {
  it('it is requested once', async () => {
    await start();
    issuer.keys = { none: true } as never;
    expect(await statusesOf(5, ofUnknownKey)).toEqual(Array.from({ length: 5 }, () => 503));
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });
});

describe('while the issuer does not respond', () => {
  it('waiting requests are counted first', async () => {
    issuer.state = 'silent';
    await start({ RATE_LIMIT: '3/hour' });
    const first = statusWith(await ofUnknownKey(0));
    await until(() => Promise.resolve(issuer.asked.length === 1));
    const waiting = [1, 2, 3].map(async (n) => statusWith(await ofUnknownKey(n)));
    // Not answered when the issuer's time is over, but at once.
    const refused = await Promise.race([first, statusWith(await ofUnknownKey(4)), ...waiting]);
    expect(refused).toBe(429);
    expect((await Promise.all([first, ...waiting])).filter((status) => status !== 503 && status !== 429)).toEqual([]);
    expect(issuer.asked).toHaveLength(1);
  });
});

describe('while the issuer works', () => {
  it('forged tokens cause no further request', async () => {
    await start();
    expect(await statusWith(await issuer.sign(SCOPE))).toBe(200);
    const before = issuer.asked.length;
    expect(await statusesOf(12, forged)).toEqual(Array.from({ length: 12 }, () => 401));
    expect(await statusesOf(12, ofUnknownKey)).toEqual(Array.from({ length: 12 }, () => 401));
    expect(issuer.asked).toHaveLength(before);
  });
});

describe('while the database is unavailable', () => {
  it('attempts with keys are counted', async () => {
    await start({ RATE_LIMIT: '3/hour' });
    await app.database.query('ALTER TABLE api_keys RENAME TO api_keys_away');
    const statuses = await statusesOf(6, (n) => `key-${n}`);
    expect(statuses.slice(3)).toEqual([429, 429, 429]);
  });
});
