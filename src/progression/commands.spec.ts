import { describe, expect, it } from '@jest/globals';
import { holds } from './commands.js';

describe('a precondition', () => {
  it.each([
    [{}, null, true],
    [{}, 3, true],
    [{ match: [3] }, 3, true],
    [{ match: [2, 3] }, 3, true],
    [{ match: [2] }, 3, false],
    [{ match: [] }, 3, false],
    [{ match: '*' }, 3, true],
    [{ match: '*' }, null, false],
    [{ match: [3] }, null, false],
    [{ noneMatch: '*' }, null, true],
    [{ noneMatch: '*' }, 3, false],
    [{ noneMatch: [3] }, 3, false],
    [{ noneMatch: [2] }, 3, true],
    [{ noneMatch: [3] }, null, true],
    [{ match: [3], noneMatch: [3] }, 3, false],
  ] as const)('%j holds for version %p: %p', (precondition, version, expected) => {
    expect(holds(precondition, version)).toBe(expected);
  });
});
