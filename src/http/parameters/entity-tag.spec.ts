import { describe, expect, it } from '@jest/globals';
import { toDocumentTag, toEntityTag, matchesTag, parseVersions } from './entity-tag.js';

describe('entityTag', () => {
  it('is the version in quotes', () => {
    expect(toEntityTag(14)).toBe('"14"');
  });
});

describe('documentTag', () => {
  it('is the version and a checksum of the text', () => {
    expect(toDocumentTag(14, '123456789')).toBe('"14-cbf43926"');
    expect(toDocumentTag(14, '')).toBe('"14-00000000"');
  });
});

describe('namesTag', () => {
  it.each([
    ['"14-cbf43926"', true],
    ['W/"14-cbf43926"', true],
    ['"x", "14-cbf43926"', true],
    ['*', true],
    ['"14"', false],
    ['"14-cbf43927"', false],
    [undefined, false],
  ])('%s: %j', (value, expected) => {
    expect(matchesTag('If-None-Match', value, '"14-cbf43926"')).toBe(expected);
  });
});

describe('versionsIn', () => {
  it.each([
    ['"14-cbf43926"', [14]],
    ['"14-cbf4392"', []],
    ['"14-"', []],
    ['"14"', [14]],
    ['"14", "15"', [14, 15]],
    ['"14","15" ,\t"16"', [14, 15, 16]],
    ['*', '*'],
    ['"abc"', []],
    ['""', []],
    ['"0"', []],
    ['"014"', []],
    ['"1e3"', []],
    ['"99999999999"', []],
    ['"a", "2"', [2]],
    ['"1,2"', []],
  ])('%s names %j', (value, versions) => {
    expect(parseVersions('If-Match', value, 'strong')).toEqual(versions);
  });

  it('accepts a weak tag only for weak comparison', () => {
    expect(parseVersions('If-None-Match', 'W/"14", "15"', 'weak')).toEqual([14, 15]);
    expect(parseVersions('If-Match', 'W/"14", "15"', 'strong')).toEqual([15]);
  });

  it.each(['14', '', '"14', '"14" "15"', '"14",', '*, "14"', 'w/"14"', "'14'"])(
    'refuses %j and names the header',
    (value) => {
      expect(() => parseVersions('If-Match', value, 'strong')).toThrow(
        expect.objectContaining({
          code: 'validation_failed',
          options: expect.objectContaining({
            errors: [{ field: 'If-Match', detail: 'must be * or quoted entity tags, such as "14"' }],
          }),
        }),
      );
    },
  );
});
