import { IsBoolean, IsNumber, Max, Min } from 'class-validator';
import { timeOf } from '../../common/timestamp.js';
import { IsText, IsTimestamp, IsWholeNumber, MayBeLeftOut } from '../../common/validators.js';
import type { AdversarialTestResult } from '../../progression/commands.js';
import { INTEGER_MAX, SCORE } from '../../progression/invariants.js';

const SCENARIO_MAX_LENGTH = 100;
const REASONING_MAX_LENGTH = 10_000;

/** The result of an adversarial test. It is passed at the pass mark (70 unless set otherwise). */
export class AdversarialTestDto {
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
  @MayBeLeftOut()
  @IsWholeNumber(0, INTEGER_MAX)
  xp_awarded?: number;

  /**
   * When the test ended: ISO 8601 with zone, kept to the millisecond, at most 5 minutes ahead of the service's clock.
   * The time of arrival when left out.
   * @example 2025-01-25T10:00:00Z
   */
  @MayBeLeftOut()
  @IsTimestamp()
  timestamp?: string;

  /**
   * What the scenario was about, up to 100 characters.
   * @example system_security
   */
  @MayBeLeftOut()
  @IsText(SCENARIO_MAX_LENGTH)
  scenario_domain?: string;

  /**
   * How complex the scenario was, up to 100 characters.
   * @example advanced
   */
  @MayBeLeftOut()
  @IsText(SCENARIO_MAX_LENGTH)
  scenario_complexity?: string;

  /**
   * Why the winner won, up to 10,000 characters.
   * @example "Found the injection before the opponent did."
   */
  @MayBeLeftOut()
  @IsText(REASONING_MAX_LENGTH)
  winner_reasoning?: string;
}

/** The result that the request reports. */
export function adversarialTestResultOf({ timestamp, ...result }: AdversarialTestDto): AdversarialTestResult {
  return { ...result, timestamp: timeOf(timestamp) };
}
