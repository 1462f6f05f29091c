import { createHash, randomBytes } from 'node:crypto';

const ID_BYTES = 8;
const SECRET_BYTES = 32;
/** `lvlup_`, the id, and 256 random bits. Secret scanners recognise the prefix. */
const FORM = /^lvlup_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

/** A generated key and its hash. */
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

/** Id in a key; null if the text is not a key. */
export function parseKeyId(key: string): string | null {
  return FORM.exec(key)?.[1] ?? null;
}

/** Hash of a key, which is stored. Keys are random, so that SHA-256 is sufficient. */
export function hashKey(key: string): Buffer {
  return createHash('sha256').update(key, 'utf8').digest();
}
