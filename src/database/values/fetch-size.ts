/** Rows that are read at first, and at most, at once; from one time to the next they become at most so many times as many. */
const FIRST_ROWS = 16;
const MOST_ROWS = 1_000;
const GROWTH = 4;

/**
 * How many rows to fetch from a cursor at once, so that they take about so much memory, be they of a hundred bytes or of
 * megabytes: as many as would fit if they were like the last ones, growing in steps, as they may not be.
 */
export class FetchSize {
  count = FIRST_ROWS;

  /** @param size of all rows that are fetched at once, in bytes or characters */
  constructor(private readonly size: number) {}

  /** Takes note of the size of those that were fetched last. */
  record(rows: number, size: number): void {
    const fitting = Math.floor((this.size * rows) / Math.max(size, 1));
    this.count = Math.min(Math.max(1, fitting), GROWTH * this.count, MOST_ROWS);
  }
}
