import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { copyJson, isFieldsObject } from './json-copy.js';
import { findUnstorable } from './json-text.js';

class Result {
  passed = true;
  readonly #hidden = 80;

  get score(): number {
    return this.#hidden;
  }
}

describe('copyJson', () => {
  it('copies any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(copyJson(value)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('reads each property once, and not again when the copy is used', () => {
    let reads = 0;
    const copy = copyJson({
      get score() {
        return ++reads;
      },
    }) as { score: number };
    expect([copy.score, copy.score, reads]).toEqual([1, 1, 1]);
  });

  it('reads like JSON.stringify: toJSON, own enumerable properties, undefined omitted, -0 as 0', () => {
    const time = new Date('2025-01-25T10:00:00Z');
    const value = { time, gone: undefined, zero: -0, [Symbol('key')]: 1, url: new URL('http://localhost/') };
    expect(copyJson(value)).toStrictEqual({ time: '2025-01-25T10:00:00.000Z', zero: 0, url: 'http://localhost/' });
  });

  it('reads inherited fields of an instance on request', () => {
    expect(copyJson(new Result())).toEqual({ passed: true });
    expect(copyJson(new Result(), { inherited: ['score', 'toString'] })).toHaveProperty('score', 80);
    expect(copyJson({ passed: true }, { inherited: ['toString'] })).toEqual({ passed: true });
  });

  it('keeps an own key __proto__ as a key', () => {
    const copy = copyJson(JSON.parse('{"__proto__": {"admin": true}}')) as { admin?: boolean };
    expect(copy.admin).toBeUndefined();
    expect(findUnstorable(copy, 'data')).toMatchObject({ detail: 'has a key that must not be __proto__' });
  });

  it.each([
    ['function', () => 1],
    ['bigint', 1n],
    ['symbol', Symbol('s')],
    ['undefined', undefined],
    ['Map', new Map([[1, 2]])],
    ['Set', new Set([1])],
    ['Promise', Promise.resolve({})],
    ['RegExp', /x/],
    ['Error', new Error('x')],
    ['Number', Object(1)],
    ['Uint8Array', new Uint8Array(2)],
    ['invalid Date', new Date(NaN)],
  ])('retains a %s for findUnstorable, instead of dropping it', (type, value) => {
    const fault = findUnstorable(copyJson([value]), 'list');
    expect(fault).toEqual({ field: 'list.0', detail: `must be JSON, but is of type ${type}` });
  });

  it('is bounded in depth and size', () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    expect(findUnstorable(copyJson(circular), 'data')?.detail).toBe('must not be nested deeper than 32');
    let doubled: unknown = 'x';
    for (let level = 0; level < 31; level++) doubled = [doubled, doubled];
    for (const large of [doubled, new Array(2 ** 32 - 1), ['x'.repeat(2 ** 20)], { ['k'.repeat(2 ** 20)]: 1 }]) {
      expect(() => copyJson(large)).toThrow(expect.objectContaining({ code: 'payload_too_large' }));
    }
  });
});

describe('isFieldsObject', () => {
  it.each([
    [{}, true],
    [Object.create(null), true],
    [new Result(), true],
    [[], false],
    [null, false],
    [new Map(), false],
    [() => 1, false],
  ])('%p: %p', (value, expected) => {
    expect(isFieldsObject(value)).toBe(expected);
  });
});
