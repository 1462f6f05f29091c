import { describe, expect, it } from '@jest/globals';
import { parseCredential } from './credential.js';

describe('credentialIn', () => {
  it.each([
    [{ authorization: 'Bearer abc' }, 'abc'],
    [{ authorization: 'bearer   abc ' }, 'abc'],
    [{ 'x-api-key': 'abc' }, 'abc'],
    [{ authorization: 'Bearer abc', 'x-api-key': 'def' }, 'abc'],
    [{ authorization: 'Basic dTpw', 'x-api-key': 'def' }, 'def'],
    [{ authorization: 'Basic dTpw' }, null],
    [{ authorization: 'Bearer' }, null],
    [{ authorization: 'Bearer a b' }, null],
    [{ 'x-api-key': '' }, null],
    [{}, null],
  ])('of %j is %j', (headers, credential) => {
    expect(parseCredential(headers)).toBe(credential);
  });
});
