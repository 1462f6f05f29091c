import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { Clock } from '../common/index.js';
import type { Scope } from '../http/access/index.js';
import { CONSTRAINTS, violatesUnique } from '../database/errors/index.js';
import { TransactionRunner } from '../database/transactions/index.js';
import { ApiKey } from './api-key.entity.js';
import { ApiKeyError } from './api-key.error.js';
import { type NewKey, generateKey } from './key-text.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/** Properties of a new key. */
export interface KeyRequest {
  /** 1 to 64 letters, digits, dots, hyphens, underscores and at signs, starting with a letter or digit. */
  name: string;
  scope: Scope;
  /** Time from which the key is refused; null: never. */
  expiresAt: Date | null;
}

/** A created key. `key` cannot be retrieved later. */
export interface CreatedKey {
  key: string;
  id: string;
  name: string;
  scope: Scope;
  expires_at: Date | null;
}

/** Delivers a key to its owner. If it throws, the key is not stored. */
export type DeliverKey = (created: CreatedKey) => Promise<void>;

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
    if (!NAME.test(request.name)) {
      throw new ApiKeyError('The name must be 1 to 64 letters, digits and . _ @ -, starting with a letter or digit.');
    }
    this.assertInFuture(request.expiresAt);
    const key = generateKey();
    const deliverOnce = callOnce(deliver);
    return this.transactions.run(async (manager) => deliverOnce(await insertKey(manager, request, key)));
  }

  /** All keys, newest first, including revoked and expired ones. */
  async list(): Promise<ListedKey[]> {
    const keys = await this.transactions.read((manager) =>
      manager.find(ApiKey, { order: { created_at: 'DESC', id: 'ASC' } }),
    );
    const now = this.clock.now();
    return keys.map((key) => toListedKey(key, now));
  }

  /**
   * Revokes the keys with this name, or the key with this id.
   *
   * @returns number of revoked keys
   */
  async revoke(nameOrId: string): Promise<number> {
    const named = [{ name: nameOrId }, { id: nameOrId }].map((which) => ({ ...which, revoked_at: IsNull() }));
    const { affected } = await this.transactions.run((manager) =>
      manager.update(ApiKey, named, { revoked_at: this.clock.now() }),
    );
    if (!affected) throw keyNotFound(nameOrId);
    return affected;
  }

  /**
   * Replaces a key by a new one with the same name and scope.
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
    this.assertInFuture(expiresAt);
    const key = generateKey();
    const deliverOnce = callOnce(deliver);
    return this.transactions.run(async (manager) => {
      const current = await manager.findOne(ApiKey, {
        where: { name, revoked_at: IsNull(), rotated_at: IsNull() },
        lock: { mode: 'pessimistic_write' },
      });
      if (!current) throw keyNotFound(name);
      const rotatedAt = this.clock.now();
      const overlapEnd = new Date(rotatedAt.getTime() + overlapMs);
      const { expires_at: ownEnd } = current;
      await manager.update(
        ApiKey,
        { id: current.id },
        { rotated_at: rotatedAt, expires_at: ownEnd && ownEnd < overlapEnd ? ownEnd : overlapEnd },
      );
      return deliverOnce(await insertKey(manager, { name, scope: current.scope, expiresAt }, key));
    });
  }

  private assertInFuture(time: Date | null): void {
    if (time && time <= this.clock.now()) throw new ApiKeyError('The expiry of the key is in the past.');
  }
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
  manager: EntityManager,
  { name, scope, expiresAt }: KeyRequest,
  { id, key, hash }: NewKey,
): Promise<CreatedKey> {
  try {
    await manager.insert(ApiKey, { id, name, scope, key_hash: hash, expires_at: expiresAt });
  } catch (error) {
    if (!violatesUnique(error, CONSTRAINTS.keyNameUnique)) throw error;
    throw new ApiKeyError(`A key with the name ${name} exists. Rotate or revoke it, or choose another name.`, {
      cause: error,
    });
  }
  return { key, id, name, scope, expires_at: expiresAt };
}

function toListedKey(key: ApiKey, now: Date): ListedKey {
  const { id, name, scope, created_at, expires_at, rotated_at, revoked_at, last_used_at } = key;
  const state = getState(key, now);
  return { id, name, scope, state, created_at, expires_at, rotated_at, revoked_at, last_used_at };
}

function getState({ revoked_at, expires_at, rotated_at }: ApiKey, now: Date): KeyState {
  if (revoked_at) return 'revoked';
  if (expires_at && expires_at <= now) return 'expired';
  return rotated_at ? 'rotated' : 'valid';
}

function keyNotFound(name: string): ApiKeyError {
  return new ApiKeyError(`No current key is named ${JSON.stringify(name)}.`);
}
