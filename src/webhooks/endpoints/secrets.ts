import { randomBytes } from 'node:crypto';
import type { StoredSecret } from '../store/index.js';

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
  const previous = selectValidSecrets(secrets, now)
    .map((known) => ({ ...known, end: known.expires_at === null ? overlapEnd : new Date(known.expires_at) }))
    .filter((known) => known.secret !== secret && known.end > now)
    .map((known) => ({
      secret: known.secret,
      expires_at: (known.end < overlapEnd ? known.end : overlapEnd).toISOString(),
    }));
  return [{ secret, expires_at: null }, ...previous].slice(0, SECRETS_MAX);
}

/** Secrets that sign at this time. @param stored may have been edited manually: what is not a secret is left out */
export function selectValidSecrets(stored: unknown, now: Date): StoredSecret[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter(isStoredSecret).filter(({ expires_at }) => expires_at === null || new Date(expires_at) > now);
}

function isStoredSecret(value: unknown): value is StoredSecret {
  const { secret, expires_at } = (value ?? {}) as Partial<Record<keyof StoredSecret, unknown>>;
  return typeof secret === 'string' && (expires_at === null || typeof expires_at === 'string');
}
