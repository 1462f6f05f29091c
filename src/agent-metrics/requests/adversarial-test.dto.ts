import { OmitType } from '@nestjs/swagger';
import { IsBoolean, IsNumber, IsObject, Max, Min } from 'class-validator';
import {
  IsText,
  IsTimestamp,
  IsWholeNumber,
  OmittableOrNull,
  omitNulls,
  type ArgumentParser,
  markParsed,
} from '../../http/validation/index.js';
import { toDate } from '../../common/index.js';
import { type AdversarialTestResult, INTEGER_MAX, type JsonObject, SCORE } from '../../progression/index.js';
import { DETAIL_FIELDS, TestDetailsDto, withDetails, withSmallDetails } from './test-details.dto.js';

const SCENARIO_MAX_LENGTH = 100;
const REASONING_MAX_LENGTH = 10_000;

/** Result of an adversarial test. Passed if the score is at least the pass mark (default 70, configurable). */
export class AdversarialTestDto extends TestDetailsDto {
  /**
   * Score, 0–100.
   * @example 88
   */
  @IsNumber()
  @Min(SCORE.least)
  @Max(SCORE.most)
  score!: number;

  /**
   * Whether the agent won.
   * @example true
   */
  @IsBoolean()
  is_winner!: boolean;

  /**
   * General XP for passing. Default: 10. A failed test awards none.
   * @example 40
   */
  @OmittableOrNull()
  @IsWholeNumber(0, INTEGER_MAX)
  xp_awarded?: number | null;

  /**
   * End of the test, ISO 8601. Without a time zone: UTC. Precision: milliseconds. At most 5 minutes ahead of the
   * service's clock. Default: time of arrival.
   * @example 2025-01-25T10:00:00Z
   */
  @OmittableOrNull()
  @IsTimestamp()
  timestamp?: string | null;

  /**
   * Domain of the scenario, up to 100 characters.
   * @example system_security
   */
  @OmittableOrNull()
  @IsText(SCENARIO_MAX_LENGTH)
  scenario_domain?: string | null;

  /**
   * Complexity of the scenario, up to 100 characters.
   * @example advanced
   */
  @OmittableOrNull()
  @IsText(SCENARIO_MAX_LENGTH)
  scenario_complexity?: string | null;

  /**
   * Reason for the result, up to 10,000 characters.
   * @example "Found the injection before the opponent did."
   */
  @OmittableOrNull()
  @IsText(REASONING_MAX_LENGTH)
  winner_reasoning?: string | null;
}

/**
 * Converts the request body to a test result.
 *
 * @throws DomainError `validation_failed` if the details are too large
 */
export function toAdversarialTestResult(body: AdversarialTestDto): AdversarialTestResult {
  return toResult(withDetails(body));
}

/** Fields of a AdversarialTestResult: those of the request, with the details as one field. */
class AdversarialTestArgumentDto extends OmitType(AdversarialTestDto, DETAIL_FIELDS) {
  /** The fields of `details` may be nested as deep as in the request. */
  static readonly envelopeDepth = 1;

  @OmittableOrNull()
  @IsObject()
  details?: JsonObject | null;
}

/** Parser of the result in an in-process call. */
export const AdversarialTestArgument: ArgumentParser<AdversarialTestArgumentDto, AdversarialTestResult> = {
  Dto: AdversarialTestArgumentDto,
  name: 'result',
  convert: (result) => toResult(withSmallDetails(result)),
};

function toResult({
  timestamp,
  ...result
}: Omit<AdversarialTestArgumentDto, 'details'> & { details?: JsonObject | null }): AdversarialTestResult {
  return markParsed({ ...omitNulls(result), timestamp: toDate(timestamp ?? undefined) });
}
