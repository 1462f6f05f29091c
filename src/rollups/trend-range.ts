import { MAX_TIME_MS, validationFailed } from '../common/index.js';

/** Intervals over which tests are summed. */
export const BUCKETS = ['hour', 'day'] as const;
/** Interval over which tests are summed. Days are UTC days. */
export type Bucket = (typeof BUCKETS)[number];

const HOUR_MS = 60 * 60_000;
const BUCKET_MS: Record<Bucket, number> = { hour: HOUR_MS, day: 24 * HOUR_MS };

/** Maximum number of buckets per request. */
export const MAX_BUCKETS = 1_000;
/** Number of buckets if `from` is omitted. */
export const DEFAULT_BUCKETS: Record<Bucket, number> = { hour: 48, day: 30 };

/** Range of a trend. */
export interface TrendRequest {
  /** Default: `day`. */
  bucket?: Bucket | undefined;
  /** Rounded down to the start of a bucket. Default: DEFAULT_BUCKETS before the end. */
  from?: Date | undefined;
  /** Exclusive; rounded up to the end of a bucket. Default: the end of the current bucket. */
  to?: Date | undefined;
}

/** Whole buckets: start of the first, end of the last, limited to the end of the year 9999. */
export interface TrendRange {
  bucket: Bucket;
  from: Date;
  to: Date;
}

/**
 * Resolves defaults and rounds to whole buckets.
 *
 * @throws DomainError `validation_failed` if the range has no bucket, or more than MAX_BUCKETS
 */
export function toTrendRange({ bucket = 'day', from, to }: TrendRequest, now: Date): TrendRange {
  const size = BUCKET_MS[bucket];
  // The current bucket is included.
  const end = to ? Math.ceil(to.getTime() / size) * size : (Math.floor(now.getTime() / size) + 1) * size;
  const start = from ? Math.floor(from.getTime() / size) * size : end - DEFAULT_BUCKETS[bucket] * size;
  const buckets = (end - start) / size;
  if (buckets < 1) throw validationFailed([{ field: 'from', detail: `must be before ${to ? '`to`' : 'now'}` }]);
  if (buckets > MAX_BUCKETS) {
    const detail = `must be at most ${MAX_BUCKETS.toLocaleString('en')} ${bucket}s before the end; it is ${buckets.toLocaleString('en')}`;
    throw validationFailed([{ field: 'from', detail }]);
  }
  // The last day of 9999 would end in the year 10000, which most programs cannot parse.
  return { bucket, from: new Date(start), to: new Date(Math.min(end, MAX_TIME_MS)) };
}
