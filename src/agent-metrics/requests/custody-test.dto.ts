import { ApiProperty, OmitType } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsNumber, IsObject, Matches, Max, Min, ValidateIf } from 'class-validator';
import { validationFailed } from '../../common/index.js';
import { type ArgumentParser, markParsed, OmittableOrNull } from '../../http/validation/index.js';
import {
  CATEGORY_PATTERN,
  type CustodyTestResult,
  DIFFICULTIES,
  type Difficulty,
  DURATION,
  isPassed,
  type JsonObject,
  SCORE,
} from '../../progression/index.js';
import { DETAIL_FIELDS, withDetails, withSmallDetails } from './test-details.dto.js';
import { OmittableIfErrored, TestResultDto, toTestResult } from './test-result.dto.js';

/** Result of a custody test. */
export class CustodyTestDto extends TestResultDto {
  /**
   * Whether the test was passed. Required unless `outcome` is given. Both must agree.
   * @example true
   */
  @ValidateIf(({ outcome }: CustodyTestDto, value) => (value ?? null) !== null || (outcome ?? null) === null)
  @IsBoolean()
  @ApiProperty({ nullable: true, required: false })
  passed?: boolean | null;

  /**
   * Score, 0–100. Required unless the test errored.
   * @example 95
   */
  @OmittableIfErrored()
  @IsNumber()
  @Min(SCORE.least)
  @Max(SCORE.most)
  score?: number | null;

  /**
   * Duration of the test in seconds, 0–1,000,000,000. Required unless the test errored.
   * @example 120
   */
  @OmittableIfErrored()
  @IsNumber()
  @Min(DURATION.least)
  @Max(DURATION.most)
  duration?: number | null;

  /**
   * Category of the test: a lower-case letter, then up to 49 lower-case letters, digits and underscores. The categories
   * with a focus are listed by `GET /api/custody/categories`.
   * @example security_awareness
   */
  @OmittableOrNull()
  @Matches(CATEGORY_PATTERN, {
    message: '$property must be 1 to 50 lower-case letters, digits and underscores that begin with a letter',
  })
  @ApiProperty({ pattern: CATEGORY_PATTERN.source })
  category?: string | null;

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
 * @throws DomainError `validation_failed` if the details are too large, the evidence is invalid, or `outcome` and `passed`
 *   do not agree
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

/** A judged test has `passed` only, however it was sent: repeated requests are compared by their fields. */
function toResult(body: Omit<CustodyTestArgumentDto, 'details'> & { details?: JsonObject | null }): CustodyTestResult {
  const { passed: sent, outcome, ...result } = toTestResult(body);
  const passed = isPassed({ passed: sent, outcome });
  if (sent !== undefined && sent !== passed) {
    throw validationFailed([{ field: 'outcome', detail: `must agree with passed, which is ${sent}` }]);
  }
  return markParsed(passed === null ? { ...result, outcome: 'errored' } : { ...result, passed });
}
