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

/** What a key is to be. */
export interface KeyRequest {
  /** 1 to 64 letters, digits, dots, dashes, underscores and at-signs, the first a letter or digit. */
  name: string;
  scope: Scope;
  /** From when on it is refused; null: it doesn't end by itself. */
  expiresAt: Date | null;
}

/** A key that was made; `key` can't be had again. */
export interface CreatedKey {
  key: string;
  id: string;
  name: string;
  scope: Scope;
  expires_at: Date | null;
}

/** Gives a key to whom it is for. When it throws, the key isn't kept. */
export type DeliverKey = (created: CreatedKey) => Promise<void>;

export type KeyState = 'valid' | 'rotated' | 'expired' | 'revoked';
/** A key, without what would let anyone in. */
export type ListedKey = Omit<ApiKey, 'key_hash'> & { state: KeyState };

/**
 * Makes, lists and ends API keys. Changes are in force everywhere a second after they are committed (`key-ring.ts`).
 *
 * All methods throw KeyRefusedError with what can't be, and DomainError `database_unavailable`.
 */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly transactions: TransactionRunner,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a key. No other key that isn't revoked may have its name.
   *
   * @param handOver is called once, before the key is kept: there is never one that nobody has
   */
  async create(request: KeyRequest, handOver: DeliverKey = discardKey): Promise<CreatedKey> {
    if (!NAME.test(request.name)) {
      throw new ApiKeyError('A name is 1 to 64 letters, digits and . _ @ -, the first a letter or digit.');
    }
    this.assertInFuture(request.expiresAt);
    const key = generateKey();
    const handOverOnce = callOnce(handOver);
    return this.transactions.run(async (manager) => handOverOnce(await insertKey(manager, request, key)));
  }

  /** All keys, newest first, also those that have ended. */
  async list(): Promise<ListedKey[]> {
    const keys = await this.transactions.read((manager) =>
      manager.find(ApiKey, { order: { created_at: 'DESC', id: 'ASC' } }),
    );
    const now = this.clock.now();
    return keys.map((key) => toListedKey(key, now));
  }

  /**
   * Ends the keys of this name, or the one of this id, at once.
   *
   * @returns how many were ended
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
   * Makes a successor of the same name and scope. The key until now is good for the overlap, in milliseconds, but not
   * beyond its own end.
   *
   * @param handOver as for `create`; when it throws, the key until now stays as it is
   */
  async rotate(
    name: string,
    overlapMs: number,
    expiresAt: Date | null,
    handOver: DeliverKey = discardKey,
  ): Promise<CreatedKey> {
    this.assertInFuture(expiresAt);
    const key = generateKey();
    const handOverOnce = callOnce(handOver);
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
      return handOverOnce(await insertKey(manager, { name, scope: current.scope, expiresAt }, key));
    });
  }

  private assertInFuture(time: Date | null): void {
    if (time && time <= this.clock.now()) throw new ApiKeyError('The time at which the key is to end has passed.');
  }
}

const discardKey: DeliverKey = () => Promise.resolve();

/** A transaction may run again: whom the key is for has got it then. */
function callOnce(handOver: DeliverKey): (created: CreatedKey) => Promise<CreatedKey> {
  let handed: Promise<void> | null = null;
  return async (created) => {
    await (handed ??= handOver(created));
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
    throw new ApiKeyError(`There is a key of the name ${name}. Rotate or revoke it, or take another name.`, {
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
  return new ApiKeyError(`No key that isn't revoked is called ${JSON.stringify(name)}.`);
}
