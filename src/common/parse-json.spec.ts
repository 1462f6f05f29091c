import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { propertyRuns } from '../../test/support/property-runs.js';
import { parseJson } from './parse-json.js';

/** Keys that share their beginnings, as they are written with and without escapes. */
const CHARACTERS = ['\\', '\n', '"', 'é', 'u', 'n', '0', 'b', '/', '\u2028', '\ud83d\ude00', '\ud800', ':', '{', ' '];
const character = fc.constantFrom(...CHARACTERS);
const text = fc.string({ unit: character, maxLength: 4 });
const value = fc.letrec<{ any: unknown; object: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.constantFrom(null, true),
    fc.array(tie('any'), { maxLength: 3 }),
    tie('object'),
  ),
  object: fc.dictionary(fc.oneof(text, fc.constantFrom('__proto__', 'constructor', '1', '01')), tie('any'), {
    maxKeys: 4,
  }),
}));

/** Writes JSON, with the escapes and spaces that the numbers choose. */
function written(any: unknown, choose: () => number): string {
  const space = () => ['', ' ', '\n\t'][choose() % 3] ?? '';
  if (typeof any === 'string') return `"${[...any].map((each) => writtenCharacter(each, choose())).join('')}"`;
  if (Array.isArray(any)) return `[${any.map((item) => space() + written(item, choose)).join(',')}]`;
  if (typeof any !== 'object' || any === null) return JSON.stringify(any);
  const members = Object.entries(any).map(
    ([key, item]) => `${space()}${written(key, choose)}${space()}:${space()}${written(item, choose)}`,
  );
  return `{${members.join(',')}}`;
}

function writtenCharacter(each: string, choice: number): string {
  if (choice % 2 === 0) return JSON.stringify(each).slice(1, -1);
  return each
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** Compares without JSON: which keys in which order, and which values. */
function members(any: unknown): unknown {
  if (typeof any !== 'object' || any === null) return any;
  return Array.isArray(any) ? any.map(members) : Object.entries(any).map(([key, item]) => [key, members(item)]);
}

describe('parseJson', () => {
  it.each([
    ['{"lang":"x","\\\\":1}', '{"lang":"fr","\\u00e9":1}', ['lang', 'é']],
    ['{"x":1,"\\\\":1}', '{"x":1,"\\"":1}', ['x', '"']],
    ['{"y":1,"\\\\nb":1}', '{"y":1,"\\nbc":1}', ['y', '\nbc']],
    ['{"z":1,"a\\\\":1}', '{"z":1,"a\\n":1}', ['z', 'a\n']],
  ])('reads after %s the keys of %s', (before, after, keys) => {
    parseJson(before);
    expect(Object.keys(parseJson(after) as object)).toEqual(keys);
  });

  it('reads after any value what any other says, however it is written', () => {
    fc.assert(
      fc.property(value.object, fc.infiniteStream(fc.nat({ max: 5 })), (any, choices) => {
        const json = written(any, () => choices.next().value as number);
        expect(members(parseJson(json))).toEqual(members(any));
      }),
      { numRuns: propertyRuns(3_000) },
    );
  });

  it('keeps the last of members with the same key, in the place of the first, as JSON.parse does', () => {
    expect(members(parseJson('{"\\u0061":1,"b":2,"a":3,"2":4,"\\u0031":5}'))).toEqual([
      ['1', 5],
      ['2', 4],
      ['a', 3],
      ['b', 2],
    ]);
    expect(members(parseJson('{"\\u005f_proto__":{"x":1}}'))).toEqual([['__proto__', [['x', 1]]]]);
  });

  it('reads what is nested deeper than the stack', () => {
    const depth = 100_000;
    const json = `${'{"\\n":'.repeat(depth)}1${'}'.repeat(depth)}`;
    let found: unknown = parseJson(json);
    for (let level = 0; level < depth; level++) found = (found as Record<string, unknown>)['\n'];
    expect(found).toBe(1);
  });

  it.each(['', '{"\\n":}', '{"\\x":1}', '{"a\\n":1', '"\\": ', '{"\\n":1}}'])(
    'refuses %j as JSON.parse does',
    (json) => {
      expect(() => parseJson(json)).toThrow(SyntaxError);
    },
  );
});
