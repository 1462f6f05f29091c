import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertyRuns } from '../../../test/support/property-runs.js';
import { parseFileJson, RepeatedKeyError } from './file-json.js';

describe('parseFileJson', () => {
  it('parses like JSON.parse', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), fc.constantFrom(0, 2), (text, indent) => {
        const spaced = JSON.stringify(JSON.parse(text), null, indent);
        expect(parseFileJson(spaced)).toEqual(JSON.parse(spaced));
      }),
      { numRuns: propertyRuns(100) },
    );
  });

  it.each([
    ['{"a":1,"a":1}', 'a'],
    ['{"a" : 1 , "b":{"c":1} ,\n"a"\t: 2}', 'a'],
    ['{"x":[{"b":1,"c":{},"b":2}]}', 'b'],
    ['{"\\u0061":1,"a":2}', 'a'],
    ['{"\\"":1,"\\\\":2,"\\"":3}', '"'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('rejects a repeated key: %s', (text, key) => {
    expect(() => parseFileJson(text)).toThrow(
      new RepeatedKeyError(`has the key ${JSON.stringify(key)} twice in one object`),
    );
  });

  it.each(['{"a":"a","b":"a"}', '[{"a":1},{"a":2}]', '{"a":{"a":{}},"b":"{\\"a\\":1"}', '["a","a"]', '"a"', '5'])(
    'accepts %s',
    (text) => {
      expect(parseFileJson(text)).toEqual(JSON.parse(text));
    },
  );
});
