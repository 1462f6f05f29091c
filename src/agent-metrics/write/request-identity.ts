import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { validationFailed } from '../../common/index.js';
import type { Command } from '../../progression/index.js';

/** The header that carries the key, and so what errors call it. */
export const IDEMPOTENCY_KEY = 'Idempotency-Key';
export const IDEMPOTENCY_KEY_MAX_LENGTH = 255;
const PRINTABLE = /^[\x20-\x7e]+$/;

/** What tells that two requests are one, sent again: a key of the client's choice, and what was asked. */
export interface RequestIdentity {
  key: string;
  /** SHA-256 of the commands as sorted lines of canonical JSON (RFC 8785): spelling and order don't matter. */
  hash: Buffer;
}

/**
 * The identity of a request that came with a key.
 *
 * @param asked what was asked, where that isn't the commands
 * @throws DomainError `validation_failed` when the key isn't 1 to 255 printable ASCII characters
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
