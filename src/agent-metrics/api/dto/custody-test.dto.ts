import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsNumber, Max, Min } from 'class-validator';
import { IsTimestamp, IsWholeNumber, OmittableOrNull, omitNulls } from '../../../http/validation/index.js';
import { toDate } from '../../../common/index.js';
import {
  CATEGORIES,
  type Category,
  type CustodyTestResult,
  DIFFICULTIES,
  type Difficulty,
  DURATION,
  INTEGER_MAX,
  SCORE,
} from '../../../progression/index.js';
import { TestDetailsDto, withDetails } from './test-details.dto.js';

/** The result of a custody test. */
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
   * How long the test took, in seconds.
   * @example 120
   */
  @IsNumber()
  @Min(DURATION.least)
  @Max(DURATION.most)
  duration!: number;

  /**
   * When the test ended: ISO 8601, in UTC where it names no zone, kept to the millisecond, at most 5 minutes ahead of the service's clock.
   * The time of arrival when left out.
   * @example 2025-01-25T10:00:00Z
   */
  @OmittableOrNull()
  @IsTimestamp()
  timestamp?: string | null;

  /**
   * Custody XP for passing, 10 when left out. A failed test awards none.
   * @example 25
   */
  @OmittableOrNull()
  @IsWholeNumber(0, INTEGER_MAX)
  xp_awarded?: number | null;

  /**
   * What was tested.
   * @example security_awareness
   */
  @OmittableOrNull()
  @IsIn(CATEGORIES)
  @ApiProperty({ enum: [...CATEGORIES, null] })
  category?: Category | null;

  /**
   * How hard the test was; the agent's current difficulty when left out.
   * @example basic
   */
  @OmittableOrNull()
  @IsIn(DIFFICULTIES)
  @ApiProperty({ enum: [...DIFFICULTIES, null] })
  difficulty?: Difficulty | null;
}

/**
 * The result that the request reports.
 *
 * @throws DomainError `validation_failed` when its details are too large
 */
export function toCustodyTestResult(body: CustodyTestDto): CustodyTestResult {
  const { timestamp, ...result } = withDetails(body);
  return { ...omitNulls(result), timestamp: toDate(timestamp ?? undefined) };
}
