import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BareNumbers, replaceBareNumbers } from './bare-numbers.js';
import { BoundedValue } from './bounded-value.js';
import { DOCUMENT_LIMITS, type Selection } from './json-reader.js';
import { outlineJson } from './outline.js';
import { readJson } from './read-json.js';

async function* pieces(text: string, length: number): AsyncGenerator<string> {
  for (let from = 0; from < text.length; from += length) yield await Promise.resolve(text.slice(from, from + length));
}

async function read(text: string, select: Selection = () => 'keep', length = 7): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const { value } of readJson(() => pieces(text, length), select)) values.push(value);
  return values;
}

describe('readJson', () => {
  it('reads any JSON like JSON.parse, in pieces of any length', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.integer({ min: 1, max: 20 }), fc.boolean(), async (json, length, isPretty) => {
        const text = isPretty ? JSON.stringify(JSON.parse(json), null, 2) : json;
        expect(await read(text, undefined, length)).toEqual([JSON.parse(text)]);
      }),
    );
  });

  it.each([1, 2, 3, 1000])('reads bare NaN and Infinity, in pieces of %d', async (length) => {
    const text = '{"NaN": NaN, "a": ["Infinity", -Infinity, Infinity, "\\"NaN", -1, "\\\\", NaN]}';
    expect(await read(text, undefined, length)).toEqual([
      { NaN: Infinity, a: ['Infinity', -Infinity, Infinity, '"NaN', -1, '\\', Infinity] },
    ]);
  });

  it('returns each value once, also after a bare NaN', async () => {
    const select: Selection = (path) => (path.length === 0 ? 'enter' : 'keep');
    expect(await read('[1, 2, NaN, 3]', select, 3)).toEqual([1, 2, Infinity, 3]);
  });

  it('selects values', async () => {
    const select: Selection = (path) => {
      if (path.length < 2) return 'enter';
      return path.at(-1) === 'no' ? 'skip' : 'keep';
    };
    expect(
      await read('{"a": [{"no": 1, "yes": {"no": 2, "b": 3}}, 4], "b": {"c": [5], "no": 6}, "d": 7}', select),
    ).toEqual([{ yes: { b: 3 } }, 4, [5]]);
  });

  it('keeps __proto__ as a member', async () => {
    const [value] = await read('{"__proto__": {"x": 1}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect((value as { x?: number }).x).toBeUndefined();
  });

  it.each([
    ['{"a": 1,\n "b" 2}', 2, 6],
    ['{"a": 1,\n', 2, 1],
    ['[1, 2]\n\n x', 3, 2],
    ['{"a": "x\ny"}', 1, 9],
    ['[NaN,\nnope]', 2, 1],
    ['', 1, 1],
  ])('refuses %j with the position', async (text, line, column) => {
    await expect(read(text)).rejects.toMatchObject({ name: 'ContentError', position: { line, column } });
  });

  it('limits depth, keys and numbers', async () => {
    await expect(read('['.repeat(DOCUMENT_LIMITS.depth + 1))).rejects.toThrow(/nested deeper/);
    await expect(read(`{"${'k'.repeat(DOCUMENT_LIMITS.key + 1)}": 1}`)).rejects.toThrow(/key that is too long/);
    await expect(read('1'.repeat(DOCUMENT_LIMITS.number + 1))).rejects.toThrow(/number that is too long/);
  });

  it('limits kept values', async () => {
    const long = 'x'.repeat(BoundedValue.TEXT_MAX + 1);
    const kept: unknown[] = [];
    for await (const { value, cut } of readJson(
      () => pieces(JSON.stringify([long, 'y']), 100),
      () => 'keep',
    )) {
      kept.push(cut, ...(value as string[]).map((text) => text.length));
    }
    expect(kept).toEqual([true, BoundedValue.TEXT_MAX, 1]);
    const [many] = await read(`[${'[1],'.repeat(BoundedValue.VALUES_MAX)}2]`, undefined, 10_000);
    expect((many as unknown[]).length).toBeLessThan(BoundedValue.VALUES_MAX);
  });
});

describe('BareNumbers', () => {
  it('leaves JSON unchanged', () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 1, max: 10 }), (text, length) => {
        const filter = new BareNumbers();
        let result = '';
        for (let from = 0; from < text.length; from += length) result += filter.push(text.slice(from, from + length));
        expect(result + filter.end()).toBe(text);
      }),
    );
  });

  it('does not replace parts of words', () => {
    expect(replaceBareNumbers('[NaNs, xNaN, Infinit]')).toBe('[NaNs, xNaN, Infinit]');
  });
});

describe('outlineJson', () => {
  it.each([
    ['{"a": {"b": 1}, "c": [{"d": 2}]}', false, false, ['a', 'c']],
    ['[{"a": 1}, {"b": 2}]', true, false, ['a', 'b']],
    ['{"a": 1}\n{"b": 2}\n', false, true, ['a']],
    ['\n{"a": 1}\n', false, false, ['a']],
    ['{"a": 1, "b": [', false, false, ['a', 'b']],
    ['{"a": 1, "b": 2, nope', false, false, ['a', 'b']],
  ])('outlines %j', (text, isArray, isLines, keys) => {
    const outline = outlineJson(text);
    expect({ ...outline, keys: [...outline.keys] }).toMatchObject({ isArray, isLines, keys });
  });
});
