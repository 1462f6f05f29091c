import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { type Caller, SCOPES } from '../http/access/index.js';
import { AgentAccess, findPatternFaults, getErrorMessage } from '../common/index.js';
import { IssuerRequests, IssuerUnreachableError } from './issuer-requests.js';
import { RefusedTokens } from './refused-tokens.js';
import { issuerUnavailable } from './errors.js';
import { AUTH_SETTINGS, type AuthSettings, type JwtSettings } from './auth-settings.js';

/** Asymmetric algorithms only. */
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
/** Subjects that fit into the actor of an event, after the prefix. */
const SUBJECT = /^[\x21-\x7e]{1,96}$/;
const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Verifies tokens of the configured OIDC issuer with its public keys. */
@Injectable()
export class JsonWebTokens {
  private readonly logger = new Logger(JsonWebTokens.name);
  private readonly requests = new IssuerRequests();
  private readonly refused = new RefusedTokens();
  /** Errors of public keys that have been logged. */
  private readonly faults = new Set<string>();
  private keys: Promise<JWTVerifyGetKey> | null = null;

  constructor(@Inject(AUTH_SETTINGS) private readonly settings: AuthSettings) {}

  /** Whether an issuer is configured and the credential has the form of a token. */
  accepts(credential: string): boolean {
    return this.settings.auth.jwt !== null && FORM.test(credential);
  }

  /** Whether keys are being fetched, so that a token may have to wait. */
  get isFetchingKeys(): boolean {
    return this.requests.isWaiting;
  }

  /**
   * Verifies a token.
   *
   * @returns null if the token is invalid
   * @throws DomainError `issuer_unavailable` if the issuer's keys are unavailable
   */
  async verify(token: string): Promise<Caller | null> {
    const { jwt } = this.settings.auth;
    if (!jwt || this.refused.has(token)) return null;
    try {
      const { payload } = await jwtVerify(token, await this.getIssuerKeys(jwt), {
        issuer: jwt.issuer,
        audience: jwt.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp', 'sub'],
      });
      return toCaller(payload, jwt.scopePrefix);
    } catch (error) {
      if (error instanceof IssuerUnreachableError) throw issuerUnavailable(error);
      if (isPermanent(error)) this.refused.add(token);
      if (!(error instanceof errors.JOSEError)) this.logOnce(getErrorMessage(error));
      return null;
    }
  }

  /** The issuer's keys, which `jose` fetches and caches. Retries after a failure. */
  private getIssuerKeys(jwt: JwtSettings): Promise<JWTVerifyGetKey> {
    this.keys ??= this.fetchKeys(jwt).catch((error: unknown) => {
      this.keys = null;
      throw error;
    });
    return this.keys;
  }

  private async fetchKeys({ issuer, jwksUrl }: JwtSettings): Promise<JWTVerifyGetKey> {
    const url = jwksUrl ?? (await this.requests.get(buildDiscoveryUrl(issuer), (body) => parseJwksUrl(body, issuer)));
    return createRemoteJWKSet(new URL(url), {
      [customFetch]: async (address) => Response.json(await this.requests.get(address, selectUsableKeys)),
    });
  }

  /** Logs an unusable key of the issuer, once for each error. Its tokens are refused. */
  private logOnce(fault: string): void {
    if (this.faults.has(fault)) return;
    this.faults.add(fault);
    this.logger.warn(`Tokens are refused because a public key of the issuer is unusable: ${fault}`);
  }
}

/** OpenID Connect Discovery 1.0, section 4. */
function buildDiscoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

function parseJwksUrl(configuration: unknown, issuer: string): string {
  const { issuer: named, jwks_uri: url } = configuration as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer) throw new Error('the configuration names another issuer');
  if (typeof url !== 'string' || !URL.canParse(url)) throw new Error('the configuration has no jwks_uri');
  return url;
}

/** Ignores members that are not objects, as RFC 7517, section 5, requires for unusable keys. */
function selectUsableKeys(set: unknown): { keys: object[] } {
  const { keys } = set as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('the response is not a JWK set');
  return { keys: keys.filter((key) => typeof key === 'object' && key !== null && !Array.isArray(key)) as object[] };
}

/**
 * Null without a subject, or with an invalid claim `agents`. The prefix `jwt:` is not allowed in names of keys.
 */
function toCaller({ sub, scope, scp, agents }: JWTPayload, prefix: string): Caller | null {
  // The type is not guaranteed at run time.
  if (typeof sub !== 'string' || sub === '') return null;
  const granted = [scope, scp].flat().flatMap((words) => (typeof words === 'string' ? words.split(' ') : []));
  const name = SUBJECT.test(sub) ? sub : createHash('sha256').update(sub, 'utf8').digest('hex');
  const patterns = toPatterns(agents);
  if (patterns === undefined) return null;
  return {
    name: `jwt:${name}`,
    scope: SCOPES.findLast((candidate) => granted.includes(prefix + candidate)) ?? null,
    agents: AgentAccess.of(patterns),
  };
}

/** Patterns of the claim `agents`, a text or a list of texts. Null without the claim: all agents; undefined: invalid. */
function toPatterns(agents: unknown): readonly string[] | null | undefined {
  if (agents === undefined) return null;
  const patterns: unknown = typeof agents === 'string' ? [agents] : agents;
  return findPatternFaults(patterns).length === 0 ? (patterns as readonly string[]) : undefined;
}

/** Whether the token is permanently invalid, independently of the time and of the current keys. */
function isPermanent(error: unknown): boolean {
  return (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWTExpired ||
    error instanceof errors.JOSEAlgNotAllowed ||
    (error instanceof errors.JWTClaimValidationFailed && error.claim !== 'nbf')
  );
}
