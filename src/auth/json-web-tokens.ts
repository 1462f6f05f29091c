import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { createRemoteJWKSet, customFetch, errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { type Caller, SCOPES } from '../http/access/index.js';
import { getErrorMessage } from '../common/index.js';
import { type Settings, SETTINGS } from '../config/index.js';
import { IssuerRequests, IssuerUnreachableError } from './issuer-requests.js';
import { RefusedTokens } from './refused-tokens.js';
import { issuerUnavailable } from './errors.js';

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
/** What an event's actor may hold besides the prefix. */
const SUBJECT = /^[\x21-\x7e]{1,96}$/;
const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;

type JwtSettings = NonNullable<Settings['auth']['jwt']>;

/** Verifies tokens of the OIDC issuer that the settings name, with the keys that it publishes. */
@Injectable()
export class JsonWebTokens {
  private readonly logger = new Logger(JsonWebTokens.name);
  private readonly requests = new IssuerRequests();
  private readonly refused = new RefusedTokens();
  /** Faults of published keys that the log has. */
  private readonly faults = new Set<string>();
  private keys: Promise<JWTVerifyGetKey> | null = null;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Whether an issuer is trusted, and this may be a token of it. */
  accepts(credential: string): boolean {
    return this.settings.auth.jwt !== null && FORM.test(credential);
  }

  /** Whether the issuer is being asked for its keys, so that a token may have to wait for them. */
  get isFetchingKeys(): boolean {
    return this.requests.isWaiting;
  }

  /**
   * Who the token says its bearer is; null when it isn't good.
   *
   * @throws DomainError `issuer_unavailable` when the issuer's keys can't be had
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

  /** The issuer's keys, which `jose` fetches and keeps; asked for again when they couldn't be found. */
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

  /** A key of the issuer's can't be used: its tokens are refused, and whoever runs the service should know why. */
  private logOnce(fault: string): void {
    if (this.faults.has(fault)) return;
    this.faults.add(fault);
    this.logger.warn(`Tokens are refused, as a key that the issuer publishes can't be used: ${fault}`);
  }
}

/** OpenID Connect Discovery 1.0, section 4. */
function buildDiscoveryUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}

function parseJwksUrl(configuration: unknown, issuer: string): string {
  const { issuer: named, jwks_uri: url } = configuration as { issuer?: unknown; jwks_uri?: unknown };
  if (named !== issuer) throw new Error("the issuer's configuration is that of another issuer");
  if (typeof url !== 'string' || !URL.canParse(url)) throw new Error("the issuer's configuration has no jwks_uri");
  return url;
}

/** Without members that are no keys, as RFC 7517, section 5, asks: they must not take the others along. */
function selectUsableKeys(set: unknown): { keys: object[] } {
  const { keys } = set as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('it is no set of keys');
  return { keys: keys.filter((key) => typeof key === 'object' && key !== null && !Array.isArray(key)) as object[] };
}

/** Null without a subject. The names are such as keys can't have, so that both kinds of callers are told apart. */
function toCaller({ sub, scope, scp }: JWTPayload, prefix: string): Caller | null {
  // It needn't be what the type says.
  if (typeof sub !== 'string' || sub === '') return null;
  const granted = [scope, scp].flat().flatMap((words) => (typeof words === 'string' ? words.split(' ') : []));
  const name = SUBJECT.test(sub) ? sub : createHash('sha256').update(sub, 'utf8').digest('hex');
  return { name: `jwt:${name}`, scope: SCOPES.findLast((candidate) => granted.includes(prefix + candidate)) ?? null };
}

/** Whether it is the token that is wrong, and stays so: not its time, and not the keys that there are now. */
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
