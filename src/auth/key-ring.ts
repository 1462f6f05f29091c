import { Injectable } from '@nestjs/common';
import { performance } from 'node:perf_hooks';
import { AgentAccess } from '../common/index.js';
import type { Caller, Scope } from '../http/access/index.js';
import { TransactionRunner } from '../database/transactions/index.js';

/** Maximum age of the cached keys, in milliseconds. A committed change is effective in all instances after this time. */
export const KEY_PROPAGATION_MS = 1_000;

const READ = `
  SELECT count(*) > 0 AS exist,
         coalesce(
           json_agg(json_build_object('id', id, 'name', name, 'scope', scope, 'agents', agents,
                                      'hash', encode(key_hash, 'hex'),
                                      'expiresAt', extract(epoch FROM expires_at) * 1000))
             FILTER (WHERE revoked_at IS NULL),
           '[]') AS keys
    FROM api_keys`;

/** A key that is not revoked. */
export interface RingKey {
  id: string;
  /** SHA-256 of the whole key. */
  hash: Buffer;
  /** Milliseconds since 1970; null: never. */
  expiresAt: number | null;
  owner: Caller;
}

interface Row {
  exist: boolean;
  keys: { id: string; name: string; scope: Scope; agents: string[] | null; hash: string; expiresAt: number | null }[];
}

/**
 * Cache of the keys, at most one second old. The first request that finds it expired reads the keys again; concurrent
 * requests wait for the same read.
 */
@Injectable()
export class KeyRing {
  private keys: ReadonlyMap<string, RingKey> = new Map();
  private exist = false;
  private readAt = -Infinity;
  private reading: Promise<void> | null = null;

  constructor(private readonly transactions: TransactionRunner) {}

  /**
   * Reads the keys if the cache has expired.
   *
   * @returns null if the cache is valid
   * @throws DomainError `database_unavailable`: expired keys are not used, because they may have been revoked
   */
  refresh(): Promise<void> | null {
    if (performance.now() - this.readAt < KEY_PROPAGATION_MS) return null;
    return (this.reading ??= this.read().finally(() => {
      this.reading = null;
    }));
  }

  /** Whether no key exists, including revoked and expired ones. */
  get isEmpty(): boolean {
    return !this.exist;
  }

  /** Finds a key that is not revoked. It may have expired. */
  find(id: string): RingKey | undefined {
    return this.keys.get(id);
  }

  private async read(): Promise<void> {
    const startedAt = performance.now();
    const [row] = await this.transactions.read((session) => session.query<Row[]>(READ));
    this.exist = row?.exist ?? false;
    this.keys = new Map(
      row?.keys.map(({ id, name, scope, agents, hash, expiresAt }) => [
        id,
        { id, hash: Buffer.from(hash, 'hex'), expiresAt, owner: { name, scope, agents: AgentAccess.ofStored(agents) } },
      ]),
    );
    this.readAt = startedAt;
  }
}
