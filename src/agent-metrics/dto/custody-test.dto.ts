import { IsBoolean, IsIn, IsNumber, Max, Min } from 'class-validator';
import { timeOf } from '../../common/timestamp.js';
import { IsTimestamp, IsWholeNumber, MayBeLeftOut } from '../../common/validators.js';
import { CATEGORIES, type Category, type CustodyTestResult } from '../../progression/commands.js';
import { DURATION, INTEGER_MAX, SCORE } from '../../progression/invariants.js';
import { DIFFICULTIES, type Difficulty } from '../../progression/levels.js';

/** The result of a custody test. */
export class CustodyTestDto {
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
   * When the test ended: ISO 8601 with zone, kept to the millisecond, at most 5 minutes ahead of the service's clock.
   * The time of arrival when left out.
   * @example 2025-01-25T10:00:00Z
   */
  @MayBeLeftOut()
  @IsTimestamp()
  timestamp?: string;

  /**
   * Custody XP for passing, 10 when left out. A failed test awards none.
   * @example 25
   */
  @MayBeLeftOut()
  @IsWholeNumber(0, INTEGER_MAX)
  xp_awarded?: number;

  /**
   * What was tested.
   * @example security_awareness
   */
  @MayBeLeftOut()
  @IsIn(CATEGORIES)
  category?: Category;

  /**
   * How hard the test was; the agent's current difficulty when left out.
   * @example basic
   */
  @MayBeLeftOut()
  @IsIn(DIFFICULTIES)
  difficulty?: Difficulty;
}

/** The result that the request reports. */
export function custodyTestResultOf({ timestamp, ...result }: CustodyTestDto): CustodyTestResult {
  return { ...result, timestamp: timeOf(timestamp) };
}
