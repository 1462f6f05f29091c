import { ContentError } from '../errors.js';

/**
 * Refuses entries that share bytes, with which a small archive can expand to any size.
 *
 * @param starts offset of each entry
 * @param ends offset after each entry
 * @throws ContentError
 */
export function assertNoOverlap(starts: readonly number[], ends: readonly number[], fileSize: number): void {
  const order = Uint32Array.from(starts, (_, index) => index).sort(
    (one, other) => (starts[one] ?? 0) - (starts[other] ?? 0),
  );
  let end = 0;
  for (const index of order) {
    if ((starts[index] ?? 0) < end) throw new ContentError('has entries that overlap');
    end = ends[index] ?? 0;
    if (end > fileSize) throw new ContentError('has an entry that is longer than the file');
  }
}
