import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { validationFailed } from '../../common/index.js';
import type { Command } from '../../progression/index.js';

/** Name of the header, also used as the field name in errors. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';
export const IDEMPOTENCY_KEY_MAX_LENGTH = 255;
const PRINTABLE = /^[\x20-\x7e]+$/;

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
  if (key.length > IDEMPOTENCY_KEY_MAX_LENGTH || !PRINTABLE.test(key)) {
    const detail = `must be 1 to ${IDEMPOTENCY_KEY_MAX_LENGTH} printable ASCII characters`;
    throw validationFailed([{ field: IDEMPOTENCY_KEY, detail }]);
  }
  const lines =
    asked === undefined
      ? commands.map(({ agentType, command }) => canonicalize({ agentType, command })).sort()
      : [canonicalize(asked)];
  return { key, hash: createHash('sha256').update(lines.join('\n'), 'utf8').digest() };
}
