import { createHash, randomBytes } from 'node:crypto';

const ID_BYTES = 8;
const SECRET_BYTES = 32;
/** `lvlup_`, the id, and 256 random bits. The prefix lets scanners for leaked secrets know it. */
const FORM = /^lvlup_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

/** A key as its owner gets it, once. */
export interface NewKey {
  id: string;
  key: string;
  hash: Buffer;
}

export function generateKey(): NewKey {
  const id = randomBytes(ID_BYTES).toString('hex');
  const key = `lvlup_${id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { id, key, hash: hashKey(key) };
}

/** The id in a key, or null for what isn't one. */
export function parseKeyId(key: string): string | null {
  return FORM.exec(key)?.[1] ?? null;
}

/** What is kept of a key. It is random, so that nothing slower than SHA-256 is needed. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}
