import { describe, expect, it } from '@jest/globals';
import { toCurrentUrl } from './legacy-paths.js';

describe('todaysUrl', () => {
  it.each([
    ['/custody', '/api/custody'],
    ['/custody/', '/api/custody/'],
    ['/custody?limit=1', '/api/custody?limit=1'],
    ['/custody/test/guardian/status', '/api/custody/test/guardian/status'],
    ['http://127.0.0.1:8000/custody', 'http://127.0.0.1:8000/api/custody'],
    ['/agent-metrics/a%2Fb?x=/custody', '/api/agent-metrics/a%2Fb?x=/custody'],
  ])('puts %s below /api', (url, expected) => {
    expect(toCurrentUrl({ url })).toBe(expected);
  });

  it.each([
    '/',
    '',
    '*',
    '/api/custody',
    '/custodyx',
    '/custody-test',
    '//custody',
    '/x/custody',
    '/Custody',
    '/%63ustody',
  ])('leaves %j', (url) => {
    expect(toCurrentUrl({ url })).toBe(url);
  });
});
