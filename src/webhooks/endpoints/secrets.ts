import { randomBytes } from 'node:crypto';
import type { StoredSecret } from '../store/webhook-endpoint.entity.js';

/** Maximum number of secrets that sign at the same time. */
const SECRETS_MAX = 5;
const SECRET_BYTES = 32;

export function createSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

/** Puts a secret first. The previous ones are valid for the overlap, at most until their own expiry. */
export function rotateSecrets(
  secrets: readonly StoredSecret[],
  secret: string,
  overlapMs: number,
  now: Date,
): StoredSecret[] {
  const overlapEnd = new Date(now.getTime() + overlapMs);
  const previous = secrets
    .map((known) => ({ ...known, end: known.expires_at === null ? overlapEnd : new Date(known.expires_at) }))
    .filter((known) => known.secret !== secret && known.end > now)
    .map((known) => ({
      secret: known.secret,
      expires_at: (known.end < overlapEnd ? known.end : overlapEnd).toISOString(),
    }));
  return [{ secret, expires_at: null }, ...previous].slice(0, SECRETS_MAX);
}
