import type { EntityManager } from 'typeorm';
import type { Precondition } from '../../progression/index.js';

/** How a write of many agents is carried out. */
export interface BulkWriteOptions {
  /**
   * The manager of a transaction that the write joins; it holds when that commits. Without one the write has a
   * transaction of the service, and is committed when its promise resolves.
   */
  manager?: EntityManager | undefined;
  /**
   * Makes a write happen once, however often it is sent: 1 to 255 printable ASCII characters that no other write to the
   * same agent has. A write that was recorded with this key before gets the first answer, with `replayed: true`; another
   * write with the key is refused with `idempotency_key_reused`. A write that failed has not used its key.
   */
  idempotencyKey?: string | undefined;
  /**
   * What the key stands for, as any JSON, where that isn't the write itself: a request whose write follows from something
   * else, such as a test that is administered. Left out: the write.
   */
  request?: unknown;
  /** Who asks for the write, which its events keep: 1 to 100 printable ASCII characters. Left out: it isn't known. */
  actor?: string | undefined;
}

/** How a write of one agent is carried out. */
export interface WriteOptions extends BulkWriteOptions {
  /** What must hold for the agent's version before the write, or it is refused with `precondition_failed`. */
  precondition?: Precondition | undefined;
}
