import { describe, expect, it } from '@jest/globals';
import { requestIdOf } from './request-id.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const idOf = (given?: string | string[]) =>
  requestIdOf({ headers: given === undefined ? {} : { 'x-request-id': given } });

describe('requestIdOf', () => {
  it.each([
    '7f3c',
    '0b9a4d1c-6f0e-4d52-9a53-0e5c1a2b7f10',
    'Root=1-67891233-abcdef012345678912345678',
    'a'.repeat(128),
  ])('takes %s over', (id) => {
    expect(idOf(id)).toBe(id);
  });

  it.each([undefined, '', 'a b', 'a\tb', 'a"b', 'é', '\u009b31m', 'a'.repeat(129), ['a', 'b']])(
    'makes a new one in place of %j',
    (given) => {
      expect(idOf(given)).toMatch(UUID);
      expect(idOf(given)).not.toBe(idOf(given));
    },
  );
});
