import { describe, expect, it } from '@jest/globals';
import { FetchSize } from './fetch-size.js';

/** How many rows are fetched each time, when each has this size. */
function counts(sizes: readonly number[]): number[] {
  const atOnce = new FetchSize(1_000_000);
  return sizes.map((size) => {
    const { count } = atOnce;
    atOnce.record(count, count * size);
    return count;
  });
}

describe('FetchSize', () => {
  it('grows in steps while rows are short, up to 1,000', () => {
    expect(counts([100, 100, 100, 100, 100])).toEqual([16, 64, 256, 1_000, 1_000]);
  });

  it('takes as many long rows as fit, one at least', () => {
    expect(counts([100_000, 100_000, 50_000_000, 50_000_000, 400_000])).toEqual([16, 10, 10, 1, 1]);
  });

  it('is not confused by no rows', () => {
    const atOnce = new FetchSize(1_000);
    atOnce.record(0, 0);
    expect(atOnce.count).toBe(1);
  });
});
