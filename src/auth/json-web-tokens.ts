import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { type Caller, SCOPES } from '../common/caller.js';
import { issuerUnavailable } from '../common/domain-error.js';
import type { Settings } from '../config/settings.js';
import { SETTINGS } from '../config/settings.module.js';

/** None that a secret verifies: only the issuer can sign. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const CLOCK_TOLERANCE_SECONDS = 30;
const ISSUER_TIMEOUT_MS = 5_000;
/** What an event's actor may hold besides the prefix. */
const SUBJECT = /^[\x21-\x7e]{1,96}$/;
const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Verifies tokens of the OIDC issuer that the settings name, with the keys that it publishes. */
@Injectable()
export class JsonWebTokens {
  private keys: Promise<JWTVerifyGetKey> | null = null;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Whether an issuer is trusted, and this may be a token of it. */
  takes(credential: string): boolean {
    return this.settings.auth.jwt !== null && FORM.test(credential);
  }

  /**
   * Who the token says its bearer is; null when it isn't good.
   *
   * @throws DomainError `issuer_unavailable` when the issuer's keys can't be had
   */
  async verify(token: string): Promise<Caller | null> {
    const { jwt } = this.settings.auth;
    if (!jwt) return null;
    try {
      const { payload } = await jwtVerify(token, await this.issuerKeys(jwt), {
        issuer: jwt.issuer,
        audience: jwt.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'sub'],
      });
      return callerOf(payload, jwt.scopePrefix);
    } catch (error) {
      if (isRefusal(error)) return null;
      throw issuerUnavailable(error);
    }
  }

  /** The issuer's keys, which `jose` fetches and keeps; asked for again when they couldn't be found. */
  private issuerKeys(jwt: NonNullable<Settings['auth']['jwt']>): Promise<JWTVerifyGetKey> {
    this.keys ??= keysOf(jwt).catch((error: unknown) => {
      this.keys = null;
      throw error;
    });
    return this.keys;
  }
}

async function keysOf({ issuer, jwksUrl }: NonNullable<Settings['auth']['jwt']>): Promise<JWTVerifyGetKey> {
  return createRemoteJWKSet(new URL(jwksUrl ?? (await discover(issuer))), { timeoutDuration: ISSUER_TIMEOUT_MS });
}

/** OpenID Connect Discovery 1.0, section 4. */
async function discover(issuer: string): Promise<string> {
  const response = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    signal: AbortSignal.timeout(ISSUER_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`the issuer's configuration answers ${response.status}`);
  const configuration = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (configuration.issuer !== issuer) throw new Error("the issuer's configuration is that of another issuer");
  if (typeof configuration.jwks_uri !== 'string') throw new Error("the issuer's configuration has no jwks_uri");
  return configuration.jwks_uri;
}

/** Names that keys can't have, so that both kinds of callers are told apart. */
function callerOf({ sub = '', scope, scp }: JWTPayload, prefix: string): Caller {
  const granted = [scope, scp].flat().flatMap((words) => (typeof words === 'string' ? words.split(' ') : []));
  const name = SUBJECT.test(sub) ? sub : createHash('sha256').update(sub, 'utf8').digest('hex');
  return { name: `jwt:${name}`, scope: SCOPES.findLast((candidate) => granted.includes(prefix + candidate)) ?? null };
}

/** What is wrong with the token, and not with the way to the issuer. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWTExpired ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys
  );
}
