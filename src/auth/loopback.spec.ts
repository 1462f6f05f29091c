import { describe, expect, it } from '@jest/globals';
import { isLoopback, isLoopbackHost } from './loopback.js';

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', 'localhost'])('%s', (address) => {
    expect(isLoopback(address)).toBe(true);
  });

  it.each(['0.0.0.0', '::', '', '10.0.0.1', '127.0.0.1.example.org', '127.example.org', 'localhost.example.org'])(
    'not %j',
    (address) => {
      expect(isLoopback(address)).toBe(false);
    },
  );
});

describe('namesLoopback', () => {
  it.each(['127.0.0.1', '127.0.0.1:8000', 'localhost:8000', 'LocalHost', '[::1]:8000', '[::1]', undefined])(
    '%s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  it.each(['rebound.example.org:8000', '127.0.0.1.nip.io', '', '0.0.0.0:8000', '127.0.0.1@evil.org', '[::2]:8000'])(
    'not %j',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});
