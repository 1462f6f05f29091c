import { Injectable } from '@nestjs/common';
import { Clock, findPatternFaults } from '../common/index.js';
import { type Scope, SCOPES } from '../http/access/index.js';
import { CONSTRAINTS, violatesUnique } from '../database/errors/index.js';
import { type Session, TransactionRunner } from '../database/transactions/index.js';
import type { ApiKey } from './api-key.entity.js';
import { ApiKeyError } from './api-key.error.js';
import { type NewKey, generateKey } from './key-text.js';

/** Names of keys. */
export const KEY_NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

const LIST = `
  SELECT id, name, scope, agents, created_at, expires_at, rotated_at, revoked_at, last_used_at
    FROM api_keys ORDER BY created_at DESC, id`;
const INSERT = 'INSERT INTO api_keys (id, name, scope, agents, key_hash, expires_at) VALUES ($1, $2, $3, $4, $5, $6)';
/** $1 name or id. */
const REVOKE = 'UPDATE api_keys SET revoked_at = $2 WHERE (name = $1 OR id = $1) AND revoked_at IS NULL';
const LOCK_CURRENT = `
  SELECT id, scope, agents, expires_at FROM api_keys
   WHERE name = $1 AND revoked_at IS NULL AND rotated_at IS NULL FOR UPDATE`;
const MARK_ROTATED = 'UPDATE api_keys SET rotated_at = $2, expires_at = $3 WHERE id = $1';

/** Properties of a new key. */
export interface KeyRequest {
  /** 1 to 64 letters, digits, dots, hyphens, underscores and at signs, starting with a letter or digit. */
  name: string;
  scope: Scope;
  /** Time from which the key is refused; null: never. */
  expiresAt: Date | null;
  /**
   * Agents that the key may read and write: 1 to 100 agent types, or prefixes followed by `*` (`team-a/*`), of at most 51
   * characters. Null or undefined: all agents.
   */
  agents?: readonly string[] | null | undefined;
}

/** A created key. `key` cannot be retrieved later. */
export interface CreatedKey {
  key: string;
  id: string;
  name: string;
  scope: Scope;
  /** Null: all agents. */
  agents: readonly string[] | null;
  expires_at: Date | null;
}

/** Delivers a key to its owner. If it throws, the key is not stored. */
export type DeliverKey = (created: CreatedKey) => Promise<void>;

/** State of a key. */
export type KeyState = 'valid' | 'rotated' | 'expired' | 'revoked';
/** A key without its hash. */
export type ListedKey = Omit<ApiKey, 'key_hash'> & { state: KeyState };

/**
 * Creates, lists, rotates and revokes API keys. Committed changes are effective in all instances after KEY_PROPAGATION_MS.
 *
 * @throws ApiKeyError if the key cannot be created, changed or found; DomainError `database_unavailable`
 */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly clock: Clock,
  ) {}

  /**
   * Creates a key. Its name must differ from those of all current keys.
   *
   * @param deliver called once, before the key is stored, so that each stored key has been delivered
   */
  async create(request: KeyRequest, deliver: DeliverKey = discardKey): Promise<CreatedKey> {
    if (!KEY_NAME.test(request.name)) {
      throw new ApiKeyError(
        'The name must be 1 to 64 letters, digits and . _ @ -, starting with a letter or digit.',
        'invalid',
      );
    }
    if (!SCOPES.includes(request.scope)) throw new ApiKeyError(`The scope must be ${SCOPES.join(', ')}.`, 'invalid');
    assertPatterns(request.agents ?? null);
    this.assertInFuture(request.expiresAt);
    const key = generateKey();
    const deliverOnce = callOnce(deliver);
    return this.transactions.run(async (session) => deliverOnce(await insertKey(session, request, key)));
  }

  /** All keys, newest first, including revoked and expired ones. */
  async list(): Promise<ListedKey[]> {
    const keys = await this.transactions.read((session) => session.query<ApiKey[]>(LIST));
    const now = this.clock.now();
    return keys.map((key) => toListedKey(key, now));
  }

  /**
   * Revokes the keys with this name, or the key with this id.
   *
   * @returns number of revoked keys
   */
  async revoke(nameOrId: string): Promise<number> {
    if (!KEY_NAME.test(nameOrId)) throw keyNotFound(nameOrId);
    const [, revoked] = await this.transactions.run((session) =>
      session.query<[unknown[], number]>(REVOKE, [nameOrId, this.clock.now()]),
    );
    if (revoked === 0) throw keyNotFound(nameOrId);
    return revoked;
  }

  /**
   * Replaces a key by a new one with the same name, scope and agents.
   *
   * @param overlapMs milliseconds for which the previous key stays valid, at most until its own expiry
   * @param deliver as for `create`; if it throws, the previous key is not changed
   */
  async rotate(
    name: string,
    overlapMs: number,
    expiresAt: Date | null,
    deliver: DeliverKey = discardKey,
  ): Promise<CreatedKey> {
    if (!KEY_NAME.test(name)) throw keyNotFound(name);
    this.assertInFuture(expiresAt);
    const key = generateKey();
    const deliverOnce = callOnce(deliver);
    return this.transactions.run(async (session) => {
      const [current] = await session.query<Pick<ApiKey, 'id' | 'scope' | 'agents' | 'expires_at'>[]>(LOCK_CURRENT, [
        name,
      ]);
      if (!current) throw keyNotFound(name);
      const rotatedAt = this.clock.now();
      const overlapEnd = new Date(rotatedAt.getTime() + overlapMs);
      const { expires_at: ownEnd } = current;
      const end = ownEnd && ownEnd < overlapEnd ? ownEnd : overlapEnd;
      await session.query(MARK_ROTATED, [current.id, rotatedAt, end]);
      return deliverOnce(
        await insertKey(session, { name, scope: current.scope, agents: current.agents, expiresAt }, key),
      );
    });
  }

  private assertInFuture(time: Date | null): void {
    if (time !== null && !(time instanceof Date && !Number.isNaN(time.getTime()))) {
      throw new ApiKeyError('The expiry of the key must be a Date or null.', 'invalid');
    }
    if (time && time <= this.clock.now()) throw new ApiKeyError('The expiry of the key is in the past.', 'invalid');
  }
}

/** @throws ApiKeyError with each invalid pattern */
function assertPatterns(patterns: readonly string[] | null): void {
  const faults = patterns === null ? [] : findPatternFaults(patterns);
  if (faults.length === 0) return;
  throw new ApiKeyError(
    `The agents are invalid: ${faults.map(({ field, detail }) => `${field} ${detail}`).join('; ')}.`,
    'invalid',
  );
}

const discardKey: DeliverKey = () => Promise.resolve();

/** A transaction may be repeated; the key must be delivered only once. */
function callOnce(deliver: DeliverKey): (created: CreatedKey) => Promise<CreatedKey> {
  let delivered: Promise<void> | null = null;
  return async (created) => {
    await (delivered ??= deliver(created));
    return created;
  };
}

async function insertKey(
  session: Session,
  { name, scope, agents, expiresAt }: KeyRequest,
  { id, key, hash }: NewKey,
): Promise<CreatedKey> {
  const patterns = agents ? [...new Set(agents)] : null;
  try {
    await session.query(INSERT, [id, name, scope, patterns, hash, expiresAt]);
  } catch (error) {
    if (!violatesUnique(error, CONSTRAINTS.keyNameUnique)) throw error;
    throw new ApiKeyError(
      `A key with the name ${name} exists. Rotate or revoke it, or choose another name.`,
      'exists',
      {
        cause: error,
      },
    );
  }
  return { key, id, name, scope, agents: patterns, expires_at: expiresAt };
}

function toListedKey(key: ApiKey, now: Date): ListedKey {
  const { id, name, scope, agents, created_at, expires_at, rotated_at, revoked_at, last_used_at } = key;
  const state = getState(key, now);
  return { id, name, scope, agents, state, created_at, expires_at, rotated_at, revoked_at, last_used_at };
}

function getState({ revoked_at, expires_at, rotated_at }: ApiKey, now: Date): KeyState {
  if (revoked_at) return 'revoked';
  if (expires_at && expires_at <= now) return 'expired';
  return rotated_at ? 'rotated' : 'valid';
}

function keyNotFound(name: string): ApiKeyError {
  return new ApiKeyError(`No current key is named ${JSON.stringify(name)}.`, 'not_found');
}
