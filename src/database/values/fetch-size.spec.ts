import { describe, expect, it } from '@jest/globals';
import { FetchSize } from './fetch-size.js';

/** Rows of each FETCH, for rows of these sizes. */
function counts(sizes: readonly number[]): number[] {
  const fetchSize = new FetchSize(1_000_000);
  return sizes.map((size) => {
    const { count } = fetchSize;
    fetchSize.record(count, count * size);
    return count;
  });
}

describe('FetchSize', () => {
  it('grows in steps while rows are short, up to 1,000', () => {
    expect(counts([100, 100, 100, 100, 100])).toEqual([16, 64, 256, 1_000, 1_000]);
  });

  it('fetches as many long rows as fit, at least one', () => {
    expect(counts([100_000, 100_000, 50_000_000, 50_000_000, 400_000])).toEqual([16, 10, 10, 1, 1]);
  });

  it('accepts an empty batch', () => {
    const fetchSize = new FetchSize(1_000);
    fetchSize.record(0, 0);
    expect(fetchSize.count).toBe(1);
  });
});
