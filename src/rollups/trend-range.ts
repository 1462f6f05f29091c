import { MAX_TIME_MS, validationFailed } from '../common/index.js';

export const BUCKETS = ['hour', 'day'] as const;
/** A stretch of time whose tests are added up; days are those of UTC. */
export type Bucket = (typeof BUCKETS)[number];

const HOUR_MS = 60 * 60_000;
const BUCKET_MS: Record<Bucket, number> = { hour: HOUR_MS, day: 24 * HOUR_MS };

/** Most buckets that are told at once. */
export const MAX_BUCKETS = 1_000;
/** How many buckets are told when nothing says where they begin. */
export const DEFAULT_BUCKETS: Record<Bucket, number> = { hour: 48, day: 30 };

export interface TrendRequest {
  /** `day` when left out. */
  bucket?: Bucket | undefined;
  /** The first bucket is the one that this lies in; DEFAULT_BUCKETS before the end when left out. */
  from?: Date | undefined;
  /** The last bucket is the one before this, or the one that this lies within; now when left out. */
  to?: Date | undefined;
}

/** Whole buckets, from the beginning of the first to the end of the last, or of the year 9999. */
export interface TrendRange {
  bucket: Bucket;
  from: Date;
  to: Date;
}

/**
 * The buckets that are asked for.
 *
 * @throws DomainError `validation_failed` when there is none, or more than MAX_BUCKETS
 */
export function trendRangeOf({ bucket = 'day', from, to }: TrendRequest, now: Date): TrendRange {
  const size = BUCKET_MS[bucket];
  // What happens at this moment is part of what is told.
  const end = to ? Math.ceil(to.getTime() / size) * size : (Math.floor(now.getTime() / size) + 1) * size;
  const start = from ? Math.floor(from.getTime() / size) * size : end - DEFAULT_BUCKETS[bucket] * size;
  const buckets = (end - start) / size;
  if (buckets < 1) throw validationFailed([{ field: 'from', detail: `must be before ${to ? '`to`' : 'now'}` }]);
  if (buckets > MAX_BUCKETS) {
    const detail = `must be at most ${MAX_BUCKETS.toLocaleString('en')} ${bucket}s before the end; it is ${buckets.toLocaleString('en')}`;
    throw validationFailed([{ field: 'from', detail }]);
  }
  // The last day of 9999 would end in a year of five digits, which is no time for most programs.
  return { bucket, from: new Date(start), to: new Date(Math.min(end, MAX_TIME_MS)) };
}
