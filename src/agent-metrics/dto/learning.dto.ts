import { IsNumber } from 'class-validator';
import { IsListOfJson, IsWholeNumber, MayBeLeftOut } from '../../common/validators.js';
import { INTEGER_MAX } from '../../progression/invariants.js';

/** What an agent learned: any of these. */
export class LearningDto {
  /**
   * The new learning score, 0–1,000,000,000.
   * @example 412.5
   */
  @MayBeLeftOut()
  @IsNumber()
  learning_score?: number;

  /**
   * Learning cycles done, added to the total.
   * @example 1
   */
  @MayBeLeftOut()
  @IsWholeNumber(0, INTEGER_MAX)
  learning_cycles?: number;

  /**
   * General XP earned, added; it may raise the level.
   * @example 50
   */
  @MayBeLeftOut()
  @IsWholeNumber(0, INTEGER_MAX)
  xp_awarded?: number;

  /**
   * The new success rate, a ratio 0–1.
   * @example 0.9
   */
  @MayBeLeftOut()
  @IsNumber()
  success_rate?: number;

  /**
   * The new failure rate, a ratio 0–1.
   * @example 0.1
   */
  @MayBeLeftOut()
  @IsNumber()
  failure_rate?: number;

  /**
   * Patterns found, any JSON, appended in this order. The newest 100 are kept (setting).
   * @example ["retries hide races"]
   */
  @MayBeLeftOut()
  @IsListOfJson()
  learning_patterns?: unknown[];

  /**
   * Suggestions, any JSON, appended in this order. The newest 50 are kept (setting).
   * @example ["write the failing test first"]
   */
  @MayBeLeftOut()
  @IsListOfJson()
  improvement_suggestions?: unknown[];
}
