import { describe, expect, it } from '@jest/globals';
import { AccessGuard } from './access.guard.js';

describe('AccessGuard', () => {
  it('cannot be created for keys without AuthModule, which would allow or refuse everything', () => {
    expect(() => new AccessGuard('keys')).toThrow('requires AuthModule');
  });
});
