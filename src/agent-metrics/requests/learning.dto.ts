import { IsNumber } from 'class-validator';
import {
  type ArgumentParser,
  IsListOfJson,
  IsWholeNumber,
  markParsed,
  OmittableOrNull,
  omitNulls,
} from '../../http/validation/index.js';
import { INTEGER_MAX, type LearningData } from '../../progression/index.js';

/** Result of learning. All fields are optional. */
export class LearningDto {
  /**
   * New learning score, 0–1,000,000,000.
   * @example 412.5
   */
  @OmittableOrNull()
  @IsNumber()
  learning_score?: number | null;

  /**
   * Learning cycles to add, ≥ 0.
   * @example 1
   */
  @OmittableOrNull()
  @IsWholeNumber(0, INTEGER_MAX)
  learning_cycles?: number | null;

  /**
   * General XP to add, ≥ 0. May raise the level.
   * @example 50
   */
  @OmittableOrNull()
  @IsWholeNumber(0, INTEGER_MAX)
  xp_awarded?: number | null;

  /**
   * New success rate, 0–1.
   * @example 0.9
   */
  @OmittableOrNull()
  @IsNumber()
  success_rate?: number | null;

  /**
   * New failure rate, 0–1.
   * @example 0.1
   */
  @OmittableOrNull()
  @IsNumber()
  failure_rate?: number | null;

  /**
   * Learning patterns to append, oldest first; any JSON. The newest 100 are kept (default, configurable).
   * @example ["retries hide races"]
   */
  @OmittableOrNull()
  @IsListOfJson()
  learning_patterns?: unknown[] | null;

  /**
   * Improvement suggestions to append, oldest first; any JSON. The newest 50 are kept (default, configurable).
   * @example ["write the failing test first"]
   */
  @OmittableOrNull()
  @IsListOfJson()
  improvement_suggestions?: unknown[] | null;
}

/** Converts the request body to learning data. */
export function toLearningData(body: LearningDto): LearningData {
  return markParsed(omitNulls(body));
}

/** Parser of the learning data in an in-process call. */
export const LearningArgument: ArgumentParser<LearningDto, LearningData> = {
  Dto: LearningDto,
  name: 'data',
  convert: toLearningData,
};
