import { describe, expect, it } from '@jest/globals';
import { REFUSED_FOR_MS, RefusedTokens } from './refused-tokens.js';

describe('tokens that were refused', () => {
  it('are remembered for a while', () => {
    let time = 0;
    const refused = new RefusedTokens(() => time);
    refused.add('a');
    expect([refused.has('a'), refused.has('b')]).toEqual([true, false]);
    time = REFUSED_FOR_MS;
    expect(refused.has('a')).toBe(false);
  });

  it('are forgotten for new ones when there are too many, the oldest first', () => {
    const refused = new RefusedTokens(() => 0);
    for (let n = 0; n <= 10_000; n++) refused.add(`token ${n}`);
    expect([refused.has('token 0'), refused.has('token 1'), refused.has('token 10000')]).toEqual([false, true, true]);
  });
});
