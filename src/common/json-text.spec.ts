import { describe, expect, it } from '@jest/globals';
import { JSON_DEPTH_MAX, findUnstorable } from './json-text.js';

const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)]);

describe('unstorable', () => {
  it.each([null, true, 0, -0, 1e308, '', '👩‍🚀', ['a', { b: [] }], nested(JSON_DEPTH_MAX)])('takes %j', (value) => {
    expect(findUnstorable(value, 'config')).toBeNull();
  });

  it.each([
    ['\u0000', 'config'],
    [{ a: ['x', '\ud800'] }, 'config.a.1'],
    [{ a: { '\u0000': 1 } }, 'config.a'],
    [{ a: Number.POSITIVE_INFINITY }, 'config.a'],
    [Number.NaN, 'config'],
  ])('names where %j is', (value, field) => {
    expect(findUnstorable(value, 'config')).toMatchObject({ field });
  });

  it('refuses to go deeper than it may', () => {
    expect(findUnstorable(nested(JSON_DEPTH_MAX + 1), 'config')).not.toBeNull();
    expect(findUnstorable(nested(5_000), 'config')).not.toBeNull();
  });
});
