/** Rows per FETCH: initial, maximum, growth factor. */
const FIRST_ROWS = 16;
const MOST_ROWS = 1_000;
const GROWTH = 4;

/**
 * Number of rows per FETCH from a cursor, adapted to the size of the previous rows so that a batch needs about the same
 * memory. Grows in steps, because the next rows may be larger.
 */
export class FetchSize {
  count = FIRST_ROWS;

  /** @param size intended size of a batch, in bytes or characters */
  constructor(private readonly size: number) {}

  /** Records the number and size of the rows of the last FETCH. */
  record(rows: number, size: number): void {
    const fitting = Math.floor((this.size * rows) / Math.max(size, 1));
    this.count = Math.min(Math.max(1, fitting), GROWTH * this.count, MOST_ROWS);
  }
}
