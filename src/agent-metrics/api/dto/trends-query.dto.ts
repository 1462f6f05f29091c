import { IsIn } from 'class-validator';
import { toDate } from '../../../common/index.js';
import { IsTimestamp, Omittable } from '../../../http/validation/index.js';
import { type Bucket, BUCKETS, type TrendRequest } from '../../../rollups/index.js';

/** Which hours or days are asked for: at most 1,000. */
export class TrendsQueryDto {
  /** What tests are added up by: hours, or days of UTC. `day` when left out. */
  @Omittable()
  @IsIn(BUCKETS)
  bucket?: Bucket;

  /**
   * A time within the first of them: ISO 8601, such as 2026-11-01T00:00:00Z (UTC without a zone). When left out, there are 48 hours
   * or 30 days.
   */
  @Omittable()
  @IsTimestamp()
  from?: string;

  /**
   * The time before which the last of them begins: ISO 8601. Now when left out.
   */
  @Omittable()
  @IsTimestamp()
  to?: string;
}

/** The trends that the query asks for. */
export function toTrendRequest({ bucket, from, to }: TrendsQueryDto): TrendRequest {
  return { bucket, from: toDate(from), to: toDate(to) };
}
