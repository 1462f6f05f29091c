import { createNestedJson } from './json.factory.js';

/** A value that has a form which no program should pass on, and what it is. */
export type Hostile = [description: string, value: unknown];

/** A Proxy whose target may not be read. */
export function createThrowingProxy(): object {
  const fail = (): never => {
    throw new TypeError('may not be read');
  };
  return new Proxy({}, { get: fail, ownKeys: fail, has: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail });
}

export function createRevokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

export function createCircular(): object {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  return circular;
}

/** Lists of lists of the same lists: 2^31 values, if they are copied. */
export function createSharedLists(): unknown {
  let lists: unknown = [];
  for (let level = 0; level < 31; level++) lists = [lists, lists];
  return lists;
}

/** Values that are not an object with fields. */
export const NO_OBJECTS: Hostile[] = [
  ['null', null],
  ['a list', []],
  ['text', 'text'],
  ['a number', 7],
  ['NaN', NaN],
  ['a bigint', 7n],
  ['a function', () => ({})],
  ['a symbol', Symbol('s')],
  ['a Map', new Map([['passed', true]])],
  ['a promise', Promise.resolve({ passed: true })],
  ['a Date', new Date(0)],
];

/** Values that are not text of 1 to 50 characters. */
export const NO_AGENT_TYPES: Hostile[] = [
  ['undefined', undefined],
  ['null', null],
  ['a number', 7],
  ['an object', { toString: () => 'guardian' }],
  ['a list', ['guardian']],
  ['a String object', Object('guardian')],
  ['a symbol', Symbol('guardian')],
  ['empty text', ''],
  ['long text', 'x'.repeat(51)],
  ['U+0000', 'guardian\u0000'],
  ['a lone surrogate', 'guardian\ud800'],
];

/** Values that cannot be recorded as JSON. */
export const NO_JSON: Hostile[] = [
  ['a function', () => 1],
  ['a symbol', Symbol('s')],
  ['a bigint', 7n],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['an invalid Date', new Date(NaN)],
  ['a Map', new Map([[1, 2]])],
  ['a Set', new Set([1])],
  ['bytes', new Uint8Array(4)],
  ['a list with a hole', new Array(1)],
  ['U+0000', 'a\u0000b'],
  ['a lone surrogate', 'a\udc00b'],
  ['a key __proto__', JSON.parse('{"__proto__": {"polluted": true}}')],
  ['nesting of 10,000', JSON.parse(createNestedJson(10_000))],
  ['a circular object', createCircular()],
];

export const NO_PAGES: [description: string, value: unknown, field: string][] = [
  ...NO_OBJECTS.map(([description, value]): [string, unknown, string] => [description, value, '']),
  ...[0, -1, 1.5, '5', 10_000, NaN, Infinity, 5n, null, [5]].map((limit): [string, unknown, string] => [
    `limit ${typeof limit} ${String(limit)}`,
    { limit },
    'limit',
  ]),
  ...['x', '', 7, null, 'W10', {}, '\u0000'].map((cursor): [string, unknown, string] => [
    `cursor ${JSON.stringify(cursor)}`,
    { cursor },
    'cursor',
  ]),
  ['an unknown field', { offset: 5 }, 'offset'],
];
