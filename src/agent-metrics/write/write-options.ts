import type { EntityManager } from 'typeorm';
import type { Precondition } from '../../progression/index.js';

/** Options of a write to several agents. */
export interface BulkWriteOptions {
  /**
   * Manager of the caller's transaction, which the write joins. Default: a transaction of the service, committed when
   * the promise resolves.
   */
  manager?: EntityManager | undefined;
  /**
   * Idempotency key: 1 to 255 printable ASCII characters, unique per agent. A repeated write returns the first result,
   * with `replayed: true`. A different write with the same key is refused with `idempotency_key_reused`. A failed write
   * does not use up its key.
   */
  idempotencyKey?: string | undefined;
  /**
   * Request identified by the key, any JSON. For requests from which the write is derived, such as an administered
   * test. Default: the write itself.
   */
  request?: unknown;
  /** Actor recorded with the events: 1 to 100 printable ASCII characters. Default: unknown. */
  actor?: string | undefined;
}

/** Options of a write to one agent. */
export interface WriteOptions extends BulkWriteOptions {
  /** Condition on the agent's version. Otherwise the write is refused with `precondition_failed`. */
  precondition?: Precondition | undefined;
}
