import { describe, expect, it } from '@jest/globals';
import { RequestCounts } from './request-counts.js';

describe('RequestCounts', () => {
  const counts = () => new RequestCounts({ requests: 3, seconds: 60 });

  it('counts each caller in a window from its first request on', () => {
    const counted = counts();
    expect(counted.add('a', 1_000)).toEqual({ current: 1, ttl: 60_000 });
    expect(counted.add('b', 2_000)).toEqual({ current: 1, ttl: 60_000 });
    expect(counted.add('a', 60_999)).toEqual({ current: 2, ttl: 1 });
    expect(counted.add('a', 61_000)).toEqual({ current: 1, ttl: 60_000 });
  });

  it('forgets the least recently seen callers', () => {
    const counted = counts();
    counted.add('first', 0);
    counted.add('second', 0);
    for (let caller = 0; caller < 19_998; caller++) counted.add(`caller ${caller}`, 0);
    expect(counted.add('first', 0).current).toBe(2);
    counted.add('one more', 0);
    expect(counted.add('first', 0).current).toBe(3);
    expect(counted.add('second', 0).current).toBe(1);
  });
});
