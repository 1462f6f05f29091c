import { ApiProperty, OmitType } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsNumber, IsObject, Max, Min } from 'class-validator';
import {
  IsTimestamp,
  IsWholeNumber,
  OmittableOrNull,
  omitNulls,
  type ArgumentParser,
  markParsed,
} from '../../http/validation/index.js';
import { toDate } from '../../common/index.js';
import {
  CATEGORIES,
  type Category,
  type CustodyTestResult,
  DIFFICULTIES,
  type Difficulty,
  DURATION,
  INTEGER_MAX,
  type JsonObject,
  SCORE,
} from '../../progression/index.js';
import { DETAIL_FIELDS, TestDetailsDto, withDetails, withSmallDetails } from './test-details.dto.js';

/** Result of a custody test. */
export class CustodyTestDto extends TestDetailsDto {
  /**
   * Whether the test was passed.
   * @example true
   */
  @IsBoolean()
  passed!: boolean;

  /**
   * Score, 0–100.
   * @example 95
   */
  @IsNumber()
  @Min(SCORE.least)
  @Max(SCORE.most)
  score!: number;

  /**
   * Duration of the test in seconds, 0–1,000,000,000.
   * @example 120
   */
  @IsNumber()
  @Min(DURATION.least)
  @Max(DURATION.most)
  duration!: number;

  /**
   * End of the test, ISO 8601. Without a time zone: UTC. Precision: milliseconds. At most 5 minutes ahead of the
   * service's clock. Default: time of arrival.
   * @example 2025-01-25T10:00:00Z
   */
  @OmittableOrNull()
  @IsTimestamp()
  timestamp?: string | null;

  /**
   * Custody XP for passing. Default: 10. A failed test awards none.
   * @example 25
   */
  @OmittableOrNull()
  @IsWholeNumber(0, INTEGER_MAX)
  xp_awarded?: number | null;

  /**
   * Category of the test.
   * @example security_awareness
   */
  @OmittableOrNull()
  @IsIn(CATEGORIES)
  @ApiProperty({ enum: [...CATEGORIES, null] })
  category?: Category | null;

  /**
   * Difficulty of the test. Default: the agent's current difficulty.
   * @example basic
   */
  @OmittableOrNull()
  @IsIn(DIFFICULTIES)
  @ApiProperty({ enum: [...DIFFICULTIES, null] })
  difficulty?: Difficulty | null;
}

/**
 * Converts the request body to a test result.
 *
 * @throws DomainError `validation_failed` if the details are too large
 */
export function toCustodyTestResult(body: CustodyTestDto): CustodyTestResult {
  return toResult(withDetails(body));
}

/** Fields of a CustodyTestResult: those of the request, with the details as one field. */
class CustodyTestArgumentDto extends OmitType(CustodyTestDto, DETAIL_FIELDS) {
  /** The fields of `details` may be nested as deep as in the request. */
  static readonly envelopeDepth = 1;

  @OmittableOrNull()
  @IsObject()
  details?: JsonObject | null;
}

/** Parser of the result in an in-process call. */
export const CustodyTestArgument: ArgumentParser<CustodyTestArgumentDto, CustodyTestResult> = {
  Dto: CustodyTestArgumentDto,
  name: 'result',
  convert: (result) => toResult(withSmallDetails(result)),
};

function toResult({
  timestamp,
  ...result
}: Omit<CustodyTestArgumentDto, 'details'> & { details?: JsonObject | null }): CustodyTestResult {
  return markParsed({ ...omitNulls(result), timestamp: toDate(timestamp ?? undefined) });
}
