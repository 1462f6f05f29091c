import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';

/** An OIDC issuer: its configuration, its keys, and tokens. */
export interface TokenIssuer {
  url: string;
  /** The keys that it publishes; others may be added. */
  keys: unknown[];
  /** The paths that it was asked for. */
  asked: string[];
  /** Whether it answers: rightly, with an error, or never. */
  state: 'well' | 'failing' | 'silent';
  /** A token that is good for a minute, unless the claims say otherwise. */
  sign(claims: JWTPayload, key?: CryptoKey, header?: Partial<JWTHeaderParameters>): Promise<string>;
  close(): Promise<void>;
}

export async function startTokenIssuer(): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const server = createServer(({ url: path = '' }, response) => {
    issuer.asked.push(path);
    if (issuer.state === 'silent') return;
    const answer = path === '/keys' ? { keys: issuer.keys } : { issuer: url, jwks_uri: `${url}/keys` };
    response.statusCode = issuer.state === 'failing' ? 500 : 200;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: TokenIssuer = {
    url,
    keys: [jwk],
    asked: [],
    state: 'well',
    sign: (claims, key = privateKey, header = {}) => {
      const now = Math.floor(Date.now() / 1_000);
      return new SignJWT({ iss: url, aud: 'agent-metrics', iat: now, exp: now + 60, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: 'one', ...header })
        .sign(key);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
  return issuer;
}
