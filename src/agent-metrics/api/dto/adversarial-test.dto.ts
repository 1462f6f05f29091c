import { IsBoolean, IsNumber, Max, Min } from 'class-validator';
import { IsText, IsTimestamp, IsWholeNumber, OmittableOrNull, omitNulls } from '../../../http/validation/index.js';
import { toDate } from '../../../common/index.js';
import { type AdversarialTestResult, INTEGER_MAX, SCORE } from '../../../progression/index.js';
import { TestDetailsDto, withDetails } from './test-details.dto.js';

const SCENARIO_MAX_LENGTH = 100;
const REASONING_MAX_LENGTH = 10_000;

/** The result of an adversarial test. It is passed at the pass mark (70 unless set otherwise). */
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
   * Whether the agent won against its opponents.
   * @example true
   */
  @IsBoolean()
  is_winner!: boolean;

  /**
   * General XP (not custody XP) for passing, 10 when left out. A failed test awards none.
   * @example 40
   */
  @OmittableOrNull()
  @IsWholeNumber(0, INTEGER_MAX)
  xp_awarded?: number | null;

  /**
   * When the test ended: ISO 8601, in UTC where it names no zone, kept to the millisecond, at most 5 minutes ahead of the service's clock.
   * The time of arrival when left out.
   * @example 2025-01-25T10:00:00Z
   */
  @OmittableOrNull()
  @IsTimestamp()
  timestamp?: string | null;

  /**
   * What the scenario was about, up to 100 characters.
   * @example system_security
   */
  @OmittableOrNull()
  @IsText(SCENARIO_MAX_LENGTH)
  scenario_domain?: string | null;

  /**
   * How complex the scenario was, up to 100 characters.
   * @example advanced
   */
  @OmittableOrNull()
  @IsText(SCENARIO_MAX_LENGTH)
  scenario_complexity?: string | null;

  /**
   * Why the winner won, up to 10,000 characters.
   * @example "Found the injection before the opponent did."
   */
  @OmittableOrNull()
  @IsText(REASONING_MAX_LENGTH)
  winner_reasoning?: string | null;
}

/**
 * The result that the request reports.
 *
 * @throws DomainError `validation_failed` when its details are too large
 */
export function toAdversarialTestResult(body: AdversarialTestDto): AdversarialTestResult {
  const { timestamp, ...result } = withDetails(body);
  return { ...omitNulls(result), timestamp: toDate(timestamp ?? undefined) };
}
