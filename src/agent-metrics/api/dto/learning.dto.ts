import { IsNumber } from 'class-validator';
import { IsListOfJson, IsWholeNumber, OmittableOrNull, omitNulls } from '../../../http/validation/index.js';
import { INTEGER_MAX, type LearningData } from '../../../progression/index.js';

/** What an agent learned: any of these. */
export class LearningDto {
  /**
   * The new learning score, 0–1,000,000,000.
   * @example 412.5
   */
  @OmittableOrNull()
  @IsNumber()
  learning_score?: number | null;

  /**
   * Learning cycles done, added to the total.
   * @example 1
   */
  @OmittableOrNull()
  @IsWholeNumber(0, INTEGER_MAX)
  learning_cycles?: number | null;

  /**
   * General XP earned, added; it may raise the level.
   * @example 50
   */
  @OmittableOrNull()
  @IsWholeNumber(0, INTEGER_MAX)
  xp_awarded?: number | null;

  /**
   * The new success rate, a ratio 0–1.
   * @example 0.9
   */
  @OmittableOrNull()
  @IsNumber()
  success_rate?: number | null;

  /**
   * The new failure rate, a ratio 0–1.
   * @example 0.1
   */
  @OmittableOrNull()
  @IsNumber()
  failure_rate?: number | null;

  /**
   * Patterns found, any JSON, appended in this order. The newest 100 are kept (setting).
   * @example ["retries hide races"]
   */
  @OmittableOrNull()
  @IsListOfJson()
  learning_patterns?: unknown[] | null;

  /**
   * Suggestions, any JSON, appended in this order. The newest 50 are kept (setting).
   * @example ["write the failing test first"]
   */
  @OmittableOrNull()
  @IsListOfJson()
  improvement_suggestions?: unknown[] | null;
}

/** The learning that the request reports. */
export function toLearningData(body: LearningDto): LearningData {
  return omitNulls(body);
}
