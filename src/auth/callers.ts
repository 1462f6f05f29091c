import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../http/access/index.js';
import { AgentAccess, Clock } from '../common/index.js';
import { AUTH_SETTINGS, type AuthSettings } from './auth-settings.js';
import { JsonWebTokens } from './json-web-tokens.js';
import { KeyRing } from './key-ring.js';
import { hashKey, parseKeyId } from './key-text.js';
import { KeyUsage } from './key-usage.js';
import { isLoopback, isLoopbackHost } from './loopback.js';

/** Caller of ADMIN_KEY. Names of stored keys cannot contain a colon. */
const ADMIN: Caller = { name: 'env:ADMIN_KEY', scope: 'admin', agents: AgentAccess.ALL };

/** Identifies callers, and decides whether anonymous requests are allowed. */
@Injectable()
export class Callers {
  private readonly adminHash: Buffer | null;

  constructor(
    private readonly ring: KeyRing,
    private readonly usage: KeyUsage,
    private readonly tokens: JsonWebTokens,
    private readonly clock: Clock,
    @Inject(AUTH_SETTINGS) private readonly settings: AuthSettings,
  ) {
    const { adminKey } = settings.auth;
    this.adminHash = adminKey === undefined ? null : hashKey(adminKey);
  }

  /**
   * Identifies the caller of a key or token.
   *
   * @returns null if it is unknown, expired or revoked
   * @throws DomainError `database_unavailable`, `issuer_unavailable`
   */
  async identify(credential: string): Promise<Caller | null> {
    await this.ring.refresh();
    return this.findOwner(credential) ?? (this.tokens.accepts(credential) ? this.tokens.verify(credential) : null);
  }

  /** Whether the identification may have to wait for the token issuer. */
  waitsForIssuer(credential: string): boolean {
    return this.tokens.isFetchingKeys && this.tokens.accepts(credential);
  }

  /**
   * Whether requests without a key are allowed: with AUTH=off, and on the loopback interface while no key exists.
   *
   * @param host Host header of the request
   * @throws DomainError `database_unavailable`
   */
  async allowsAnonymous(host: string | undefined): Promise<boolean> {
    const { auth, http } = this.settings;
    if (!auth.required) return true;
    if (!isLoopback(http.host) || !isLoopbackHost(host)) return false;
    return !(await this.isProtected());
  }

  /** Whether a key exists or a token issuer is configured. */
  async isProtected(): Promise<boolean> {
    if (this.adminHash !== null || this.settings.auth.jwt !== null) return true;
    await this.ring.refresh();
    return !this.ring.isEmpty;
  }

  private findOwner(credential: string): Caller | null {
    const hash = hashKey(credential);
    if (this.adminHash !== null && timingSafeEqual(hash, this.adminHash)) return ADMIN;
    const id = parseKeyId(credential);
    const key = id === null ? undefined : this.ring.find(id);
    if (!key || !timingSafeEqual(hash, key.hash)) return null;
    if (key.expiresAt !== null && key.expiresAt <= this.clock.now().getTime()) return null;
    this.usage.record(key.id);
    return key.owner;
  }
}
