import { describe, expect, it } from '@jest/globals';
import { RowsAtOnce } from './rows-at-once.js';

/** How many rows are fetched each time, when each has this size. */
function counts(sizes: readonly number[]): number[] {
  const atOnce = new RowsAtOnce(1_000_000);
  return sizes.map((size) => {
    const { count } = atOnce;
    atOnce.fetched(count, count * size);
    return count;
  });
}

describe('RowsAtOnce', () => {
  it('grows in steps while rows are short, up to 1,000', () => {
    expect(counts([100, 100, 100, 100, 100])).toEqual([16, 64, 256, 1_000, 1_000]);
  });

  it('takes as many long rows as fit, one at least', () => {
    expect(counts([100_000, 100_000, 50_000_000, 50_000_000, 400_000])).toEqual([16, 10, 10, 1, 1]);
  });

  it('is not confused by no rows', () => {
    const atOnce = new RowsAtOnce(1_000);
    atOnce.fetched(0, 0);
    expect(atOnce.count).toBe(1);
  });
});
