import { IsIn } from 'class-validator';
import { toDate } from '../../common/index.js';
import { type ArgumentParser, IsTimestamp, markParsed, Omittable } from '../../http/validation/index.js';
import { type Bucket, BUCKETS, type TrendRequest } from '../../rollups/index.js';
import { type EvidenceFilter, EvidenceFilterDto, toEvidenceFilter } from './test-filter.dto.js';

/** Range of trends, and the tests that are counted. */
export interface FilteredTrendRequest extends TrendRequest, EvidenceFilter {}

/** Selects a range of at most 1,000 hours or days, and the tests that are counted. Default: all tests. */
export class TrendsQueryDto extends EvidenceFilterDto {
  /** Length of a bucket: hour, or day in UTC. Default: `day`. */
  @Omittable()
  @IsIn(BUCKETS)
  bucket?: Bucket;

  /**
   * Time in the first hour or day, ISO 8601, for example 2026-11-01T00:00:00Z. Without a time zone: UTC. Default: the
   * range has 48 hours or 30 days.
   */
  @Omittable()
  @IsTimestamp()
  from?: string;

  /**
   * The last hour or day starts before this time, ISO 8601. Default: now.
   */
  @Omittable()
  @IsTimestamp()
  to?: string;
}

/** The trends that the query asks for. */
export function toTrendRequest({ bucket, from, to, ...filter }: TrendsQueryDto): FilteredTrendRequest {
  return markParsed({ bucket, from: toDate(from), to: toDate(to), ...toEvidenceFilter(filter) });
}

/** Parser of the range in an in-process call. */
export const TrendsArgument: ArgumentParser<TrendsQueryDto, FilteredTrendRequest> = {
  Dto: TrendsQueryDto,
  name: 'request',
  convert: toTrendRequest,
};
