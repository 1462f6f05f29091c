import { describe, expect, it } from '@jest/globals';
import type { DomainError } from '../../common/index.js';
import { parseReceiverUrl } from './url.js';

const parse = (url: string, allowPrivate = false): string => {
  try {
    return parseReceiverUrl(url, { allowPrivate });
  } catch (error) {
    return (error as DomainError).options.errors?.[0]?.detail ?? 'no error';
  }
};

describe('parseReceiverUrl', () => {
  it.each([
    ['https://example.com', 'https://example.com/'],
    ['https://example.com:8443/a?b=c', 'https://example.com:8443/a?b=c'],
    ['https://8.8.8.8/', 'https://8.8.8.8/'],
    ['https://[2606:4700:4700::1111]/', 'https://[2606:4700:4700::1111]/'],
  ])('accepts %s', (url, parsed) => {
    expect(parse(url)).toBe(parsed);
  });

  it.each([
    ...['https://127.0.0.1', 'https://2130706433', 'https://0x7f.1', 'https://[::1]', 'https://[::ffff:127.0.0.1]'],
    ...['https://10.0.0.1', 'https://169.254.169.254/latest', 'https://[fe80::1]', 'https://0'],
    ...['https://localhost', 'https://a.localhost', 'https://printer.local', 'https://metadata.google.internal.'],
  ])('refuses %s: not public', (url) => {
    expect(parse(url)).toBe('must be at a public address, unless WEBHOOK_ALLOW_PRIVATE is on');
    expect(parse(url, true)).toMatch(/^https:/);
  });

  it.each([
    ['http://example.com', 'must be an https:// URL'],
    ['ftp://example.com', 'must be an https:// URL'],
    ['javascript:alert(1)', 'must be an https:// URL'],
    ['example.com', 'must be an https:// URL'],
    ['https://user:secret@example.com', 'must not contain credentials; verify the signatures instead'],
    ['https://example.com/#part', 'must not contain a fragment'],
  ])('refuses %s: %s', (url, detail) => {
    expect(parse(url)).toBe(detail);
  });
});
