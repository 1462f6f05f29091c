import { describe, expect, it } from '@jest/globals';
import { parseDuration, parseExpiry } from './key-expiry.js';

describe('parseDuration', () => {
  it.each([
    ['30m', 1_800_000],
    ['12h', 43_200_000],
    ['90d', 7_776_000_000],
    ['0m', 0],
  ])('%s', (text, duration) => {
    expect(parseDuration(text)).toBe(duration);
  });

  it.each(['', '30', 'm', '-1h', '1.5h', '1y', '1h30m', '999999d', ' 1h'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrow(/minutes, hours or days/);
  });
});

describe('parseExpiry', () => {
  it('is so long from now', () => {
    const before = Date.now();
    const end = parseExpiry('90d').getTime() - 7_776_000_000;
    expect(end).toBeGreaterThanOrEqual(before);
    expect(end).toBeLessThanOrEqual(Date.now());
  });

  it.each([
    ['2027-01-31', '2027-01-31T00:00:00.000Z'],
    ['2027-01-31T12:00:00Z', '2027-01-31T12:00:00.000Z'],
    ['2027-01-31T12:00+02:00', '2027-01-31T10:00:00.000Z'],
  ])('%s', (text, end) => {
    expect(parseExpiry(text).toISOString()).toBe(end);
  });

  it.each(['', 'tomorrow', '2027-13-01', '2027-01-31T12:00:00', '31.1.2027', '5y'])('refuses %j', (text) => {
    expect(() => parseExpiry(text)).toThrow();
  });
});
