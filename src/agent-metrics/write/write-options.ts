import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Session } from '../../database/transactions/index.js';
import { validationFailed } from '../../common/index.js';
import type { Command, Precondition } from '../../progression/index.js';

/** Options of a write to several agents. */
export interface BulkWriteOptions {
  /**
   * EntityManager of the caller's transaction, or its session of `TransactionRunner.run`. The write joins the
   * transaction. Default: a transaction of the service, committed when the promise resolves.
   */
  manager?: Session | undefined;
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

/** Name of the header, also used as the field name in errors. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';
export const IDEMPOTENCY_KEY_MAX_LENGTH = 255;
const KEY = /^[\x20-\x7e]+$/;

/** Idempotency identity of a request: the client's key and the hash of the request. */
export interface RequestIdentity {
  key: string;
  /** SHA-256 of the commands as sorted lines of canonical JSON (RFC 8785), independent of formatting and order. */
  hash: Buffer;
}

/**
 * Computes the identity of a request with an idempotency key.
 *
 * @param asked request to hash instead of the commands
 * @throws DomainError `validation_failed` if the key is not 1 to 255 printable ASCII characters
 */
export function toRequestIdentity(
  key: string,
  commands: readonly { agentType: string; command: Command }[],
  asked?: unknown,
): RequestIdentity {
  if (key.length > IDEMPOTENCY_KEY_MAX_LENGTH || !KEY.test(key)) {
    const detail = `must be 1 to ${IDEMPOTENCY_KEY_MAX_LENGTH} printable ASCII characters`;
    throw validationFailed([{ field: IDEMPOTENCY_KEY, detail }]);
  }
  const lines =
    asked === undefined
      ? commands.map(({ agentType, command }) => canonicalize({ agentType, command })).sort()
      : [canonicalize(asked)];
  return { key, hash: createHash('sha256').update(lines.join('\n'), 'utf8').digest() };
}

const ACTOR = /^[\x20-\x7e]{1,100}$/;

/** @throws DomainError `validation_failed` if the actor is not 1 to 100 printable ASCII characters */
export function validActor(actor: string): string {
  if (!ACTOR.test(actor)) {
    throw validationFailed([{ field: 'actor', detail: 'must be 1 to 100 printable ASCII characters' }]);
  }
  return actor;
}
