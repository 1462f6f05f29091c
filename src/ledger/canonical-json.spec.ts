import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.js';

describe('canonicalJson', () => {
  it.each([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ a: { d: 1, c: 2 }, b: [{ z: 1, y: 2 }] }, '{"a":{"c":2,"d":1},"b":[{"y":2,"z":1}]}'],
    [{ 2: 'b', 10: 'a', 1: 'c' }, '{"1":"c","10":"a","2":"b"}'],
    [{ '\u20ac': 1, '\r': 2, '\ud83d\ude00': 3, '\ufb33': 4 }, '{"\\r":2,"\u20ac":1,"\ud83d\ude00":3,"\ufb33":4}'],
    [{ '': 1, a: undefined, b: -0, c: 1e21, d: 1e-7 }, '{"":1,"b":0,"c":1e+21,"d":1e-7}'],
    [[3, 'a', null, true], '[3,"a",null,true]'],
  ])('writes %j in the order of RFC 8785', (value, expected) => {
    expect(canonicalJson(value)).toBe(expected);
  });

  it('formats any value like the reference implementation', () => {
    fc.assert(
      fc.property(fc.oneof(fc.object(), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as object;
        expect(canonicalJson(plain)).toBe(canonicalize(plain));
      }),
    );
  });
});
