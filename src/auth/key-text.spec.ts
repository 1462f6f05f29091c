import { describe, expect, it } from '@jest/globals';
import { hashKey, parseKeyId, generateKey } from './key-text.js';

describe('a new key', () => {
  it('has its id in it, 256 random bits, and a hash that follows from it', () => {
    const { id, key, hash } = generateKey();
    expect(key).toMatch(/^lvlup_[0-9a-f]{16}_[A-Za-z0-9_-]{43}$/);
    expect(parseKeyId(key)).toBe(id);
    expect(hashKey(key)).toEqual(hash);
    expect(hash).toHaveLength(32);
  });

  it('is like no other', () => {
    const keys = Array.from({ length: 1_000 }, generateKey);
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1_000);
    expect(new Set(keys.map(({ key }) => key.slice(-43))).size).toBe(1_000);
  });
});

describe('parseKeyId', () => {
  const { key } = generateKey();

  it.each([
    '',
    'lvlup_',
    key.slice(1),
    key.slice(0, -1),
    `${key}a`,
    key.toUpperCase(),
    ` ${key}`,
    key.replace('_', '-'),
  ])('is null for %j', (text) => {
    expect(parseKeyId(text)).toBeNull();
  });
});
