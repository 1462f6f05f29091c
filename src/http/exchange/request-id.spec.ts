import { describe, expect, it } from '@jest/globals';
import { findRequestId, getRequestId } from './request-id.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const getId = (given?: string | string[]) =>
  getRequestId({ headers: given === undefined ? {} : { 'x-request-id': given } });

describe('getRequestId', () => {
  it.each([
    '7f3c',
    '0b9a4d1c-6f0e-4d52-9a53-0e5c1a2b7f10',
    'Root=1-67891233-abcdef012345678912345678',
    'a'.repeat(128),
  ])('accepts %s', (id) => {
    expect(getId(id)).toBe(id);
  });

  it.each([undefined, '', 'a b', 'a\tb', 'a"b', 'é', '\u009b31m', 'a'.repeat(129), ['a', 'b']])(
    'generates an id instead of %j',
    (given) => {
      expect(getId(given)).toMatch(UUID);
      expect(getId(given)).not.toBe(getId(given));
    },
  );
});

describe('findRequestId', () => {
  it.each([
    [{ id: 'req-1', headers: { 'x-request-id': '7f3c' } }, 'req-1'],
    [{ id: 7, headers: {} }, '7'],
    [{ headers: { 'x-request-id': '7f3c' } }, '7f3c'],
    [{ headers: { 'x-request-id': 'a b' } }, undefined],
    [{ headers: {} }, undefined],
  ])('of %j is %s', (request, id) => {
    expect(findRequestId(request)).toBe(id);
  });
});
