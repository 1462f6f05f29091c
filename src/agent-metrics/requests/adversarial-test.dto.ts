import { OmitType } from '@nestjs/swagger';
import { IsBoolean, IsNumber, IsObject, Max, Min } from 'class-validator';
import { type ArgumentParser, IsText, OmittableOrNull } from '../../http/validation/index.js';
import { type AdversarialTestResult, type JsonObject, SCORE } from '../../progression/index.js';
import { DETAIL_FIELDS, withDetails, withSmallDetails } from './test-details.dto.js';
import { OmittableIfErrored, TestResultDto, toTestResult } from './test-result.dto.js';

const SCENARIO_MAX_LENGTH = 100;
const REASONING_MAX_LENGTH = 10_000;

/**
 * Result of an adversarial test. Passed if the score is at least the pass mark (default 70, configurable), with which
 * `outcome` must agree unless the test errored.
 */
export class AdversarialTestDto extends TestResultDto {
  /**
   * Score, 0–100. Required unless the test errored.
   * @example 88
   */
  @OmittableIfErrored()
  @IsNumber()
  @Min(SCORE.least)
  @Max(SCORE.most)
  score?: number | null;

  /**
   * Whether the agent won. Required unless the test errored.
   * @example true
   */
  @OmittableIfErrored()
  @IsBoolean()
  is_winner?: boolean | null;

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
 * @throws DomainError `validation_failed` if the details are too large or the evidence is invalid
 */
export function toAdversarialTestResult(body: AdversarialTestDto): AdversarialTestResult {
  return toTestResult(withDetails(body));
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
  convert: (result) => toTestResult(withSmallDetails(result)),
};
