import { Injectable } from '@nestjs/common';
import { performance } from 'node:perf_hooks';
import type { Caller, Scope } from '../http/access/index.js';
import { TransactionRunner } from '../database/transactions/index.js';

/** How long a service may go by the keys that it read. A change that was committed so long ago is in force everywhere. */
export const KEY_PROPAGATION_MS = 1_000;

const READ = `
  SELECT count(*) > 0 AS exist,
         coalesce(
           json_agg(json_build_object('id', id, 'name', name, 'scope', scope, 'hash', encode(key_hash, 'hex'),
                                      'expiresAt', extract(epoch FROM expires_at) * 1000))
             FILTER (WHERE revoked_at IS NULL),
           '[]') AS keys
    FROM api_keys`;

/** What is known of a key that isn't revoked. */
export interface RingKey {
  id: string;
  /** SHA-256 of the whole key. */
  hash: Buffer;
  /** Milliseconds since 1970; null: it doesn't end by itself. */
  expiresAt: number | null;
  owner: Caller;
}

interface Row {
  exist: boolean;
  keys: { id: string; name: string; scope: Scope; hash: string; expiresAt: number | null }[];
}

/**
 * The keys as of at most a second ago. The request that finds them older reads them again, and those that come meanwhile
 * wait with it: so a request costs no query, and a revoked key is refused soon without anything that listens.
 */
@Injectable()
export class KeyRing {
  private keys: ReadonlyMap<string, RingKey> = new Map();
  private exist = false;
  private readAt = -Infinity;
  private reading: Promise<void> | null = null;

  constructor(private readonly transactions: TransactionRunner) {}

  /**
   * Null when the keys are fresh; otherwise to be waited for, before they are used.
   *
   * @throws DomainError `database_unavailable`: nobody is let in by keys that may have been revoked
   */
  refresh(): Promise<void> | null {
    if (performance.now() - this.readAt < KEY_PROPAGATION_MS) return null;
    return (this.reading ??= this.read().finally(() => {
      this.reading = null;
    }));
  }

  /** Whether there is a key, be it an ended one. */
  get isEmpty(): boolean {
    return !this.exist;
  }

  /** The key of this id, unless it is revoked; it may have expired. */
  find(id: string): RingKey | undefined {
    return this.keys.get(id);
  }

  private async read(): Promise<void> {
    const startedAt = performance.now();
    const [row] = await this.transactions.read((manager) => manager.query<Row[]>(READ));
    this.exist = row?.exist ?? false;
    this.keys = new Map(
      row?.keys.map(({ id, name, scope, hash, expiresAt }) => [
        id,
        { id, hash: Buffer.from(hash, 'hex'), expiresAt, owner: { name, scope } },
      ]),
    );
    this.readAt = startedAt;
  }
}
