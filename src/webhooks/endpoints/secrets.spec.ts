import { describe, expect, it } from '@jest/globals';
import { createSecret, rotateSecrets } from './secrets.js';

const NOW = new Date('2026-01-01T00:00:00.000Z');
const later = (ms: number): string => new Date(NOW.getTime() + ms).toISOString();

describe('rotateSecrets', () => {
  it('puts the new secret first, and ends the previous one after the overlap', () => {
    expect(rotateSecrets([{ secret: 'a', expires_at: null }], 'b', 1_000, NOW)).toEqual([
      { secret: 'b', expires_at: null },
      { secret: 'a', expires_at: later(1_000) },
    ]);
  });

  it('does not extend earlier ends, and drops what has expired', () => {
    const secrets = [
      { secret: 'c', expires_at: null },
      { secret: 'b', expires_at: later(500) },
      { secret: 'a', expires_at: later(0) },
    ];
    expect(rotateSecrets(secrets, 'd', 1_000, NOW)).toEqual([
      { secret: 'd', expires_at: null },
      { secret: 'c', expires_at: later(1_000) },
      { secret: 'b', expires_at: later(500) },
    ]);
  });

  it('makes an earlier secret the newest again', () => {
    const secrets = [
      { secret: 'b', expires_at: null },
      { secret: 'a', expires_at: later(500) },
    ];
    expect(rotateSecrets(secrets, 'a', 0, NOW)).toEqual([{ secret: 'a', expires_at: null }]);
  });

  it('keeps five secrets', () => {
    let secrets = [{ secret: '0', expires_at: null as string | null }];
    for (let index = 1; index < 8; index++) secrets = rotateSecrets(secrets, String(index), 1_000, NOW);
    expect(secrets.map(({ secret }) => secret)).toEqual(['7', '6', '5', '4', '3']);
  });
});

describe('createSecret', () => {
  it('creates different secrets of 32 bytes', () => {
    expect(createSecret()).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(createSecret()).not.toBe(createSecret());
  });
});
