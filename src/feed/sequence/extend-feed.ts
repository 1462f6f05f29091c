/** Consecutive ids, including both. */
export interface IdRange {
  first: number;
  last: number;
}

/** End of the feed. */
export interface FeedEnd {
  lastId: number;
  lastPosition: number;
  /** Whether the id after `lastId` can continue the last segment. */
  continuous: boolean;
}

/** Begin of a segment: see `FeedSegment`. */
export interface Segment {
  first_position: number;
  first_id: number;
}

/**
 * State of missing ids: `dead` (no transaction can commit them any more), `late` (not committed in time; the feed continues
 * without them), or `open` (the feed waits for them).
 */
export type GapState = 'dead' | 'late' | 'open';

/** Result of `extendFeed`. */
export interface Extension extends FeedEnd {
  segments: Segment[];
  /** Gaps that the feed has passed. */
  passed: IdRange[];
  /** Whether the feed waits for an open gap. */
  waits: boolean;
}

/** A larger dead gap begins a new segment, so that positions remain small. */
const SKIPPED_MAX = 100_000;

/**
 * Appends events to the feed: first those that were late, then those after its last id, up to the first open gap.
 *
 * @param late committed ids in gaps that the feed has passed, ascending
 * @param committed committed ids after the last one, ascending
 */
export function extendFeed(
  end: FeedEnd,
  late: readonly IdRange[],
  committed: readonly IdRange[],
  judge: (gap: IdRange) => GapState,
): Extension {
  let { lastId, lastPosition, continuous } = end;
  const segments: Segment[] = [];
  const passed: IdRange[] = [];
  for (const { first, last } of late) {
    segments.push({ first_position: lastPosition + 1, first_id: first });
    lastPosition += last - first + 1;
    continuous = false;
  }
  let waits = false;
  for (const { first, last } of committed) {
    if (first > lastId + 1) {
      const gap = { first: lastId + 1, last: first - 1 };
      const state = judge(gap);
      waits = state === 'open';
      if (waits) break;
      const skipped = gap.last - lastId;
      if (state === 'late') passed.push(gap);
      if (state === 'late' || skipped > SKIPPED_MAX) continuous = false;
      if (continuous) lastPosition += skipped;
      lastId = gap.last;
    }
    if (!continuous) segments.push({ first_position: lastPosition + 1, first_id: first });
    continuous = true;
    lastPosition += last - lastId;
    lastId = last;
  }
  return { lastId, lastPosition, continuous, segments, passed, waits };
}

/** The ids of a gap without those that were found. @param found ranges in the gap, ascending */
export function subtractRanges({ first, last }: IdRange, found: readonly IdRange[]): IdRange[] {
  const rest: IdRange[] = [];
  let next = first;
  for (const range of found) {
    if (range.first > next) rest.push({ first: next, last: range.first - 1 });
    next = range.last + 1;
  }
  if (next <= last) rest.push({ first: next, last });
  return rest;
}
