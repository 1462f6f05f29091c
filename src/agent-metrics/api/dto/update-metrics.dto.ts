import { IsBoolean, IsIn, IsNumber } from 'class-validator';
import {
  IsJsonDocument,
  IsListOfJson,
  IsListOfObjects,
  IsText,
  IsWholeNumber,
  Omittable,
} from '../../../http/validation/index.js';
import { applyDecorators } from '@nestjs/common';
import {
  AGENT_ID_MAX_LENGTH,
  DIFFICULTIES,
  type Difficulty,
  INTEGER_MAX,
  type JsonObject,
  type MetricsUpdate,
  WORD_MAX_LENGTH,
} from '../../../progression/index.js';

/** A number that a 32-bit integer column can hold; whether it makes sense is for the rules (422). */
const Integer = (): PropertyDecorator => applyDecorators(Omittable(), IsWholeNumber(-INTEGER_MAX, INTEGER_MAX));
const Real = (): PropertyDecorator => applyDecorators(Omittable(), IsNumber());

/**
 * Columns to set. What isn't named but follows from what is, follows: the level from `xp` (never lowered), the custody
 * level from `custody_xp`, the difficulty from the custody level, the rates from the counters, and one streak ends the
 * other.
 */
export class UpdateMetricsDto implements MetricsUpdate {
  /**
   * Name of the agent itself, up to 100 characters.
   * @example reviewer_agent_2
   */
  @Omittable()
  @IsText(AGENT_ID_MAX_LENGTH)
  agent_id?: string;

  /**
   * Learning score, 0–1,000,000,000.
   * @example 412.5
   */
  @Real()
  learning_score?: number;

  /**
   * Ratio 0–1.
   * @example 0.9
   */
  @Real()
  success_rate?: number;

  /**
   * Ratio 0–1.
   * @example 0.1
   */
  @Real()
  failure_rate?: number;

  /**
   * Ratio 0–1.
   * @example 0.9
   */
  @Real()
  pass_rate?: number;

  /**
   * Learning cycles, ≥ 0.
   * @example 12
   */
  @Integer()
  total_learning_cycles?: number;

  /**
   * General XP, ≥ 0.
   * @example 2500
   */
  @Integer()
  xp?: number;

  /**
   * Level, ≥ 1.
   * @example 2
   */
  @Integer()
  level?: number;

  /**
   * Prestige, ≥ 0.
   * @example 0
   */
  @Integer()
  prestige?: number;

  /**
   * Difficulty of the next tests.
   * @example basic
   */
  @Omittable()
  @IsIn(DIFFICULTIES)
  current_difficulty?: Difficulty;

  /**
   * Tests given; must be passed + failed.
   * @example 10
   */
  @Integer()
  total_tests_given?: number;

  /**
   * Tests passed, ≥ 0.
   * @example 9
   */
  @Integer()
  total_tests_passed?: number;

  /**
   * Tests failed, ≥ 0.
   * @example 1
   */
  @Integer()
  total_tests_failed?: number;

  /**
   * Tests passed in a row, ≥ 0.
   * @example 4
   */
  @Integer()
  consecutive_successes?: number;

  /**
   * Tests failed in a row, ≥ 0; 0 when the other streak isn't.
   * @example 0
   */
  @Integer()
  consecutive_failures?: number;

  /**
   * Test results, oldest first. The newest 50 are kept (setting).
   * @example []
   */
  @Omittable()
  @IsListOfObjects()
  test_history?: JsonObject[];

  /**
   * Custody level, ≥ 1.
   * @example 3
   */
  @Integer()
  custody_level?: number;

  /**
   * Custody XP, ≥ 0.
   * @example 350
   */
  @Integer()
  custody_xp?: number;

  /**
   * Adversarial tests won, ≥ 0.
   * @example 1
   */
  @Integer()
  adversarial_wins?: number;

  /**
   * Learning patterns, any JSON, oldest first. The newest 100 are kept (setting).
   * @example []
   */
  @Omittable()
  @IsListOfJson()
  learning_patterns?: unknown[];

  /**
   * Suggestions, any JSON, oldest first. The newest 50 are kept (setting).
   * @example []
   */
  @Omittable()
  @IsListOfJson()
  improvement_suggestions?: unknown[];

  /**
   * Free text, up to 20 characters: idle, learning, active, success, failed, paused, …
   * @example active
   */
  @Omittable()
  @IsText(WORD_MAX_LENGTH)
  status?: string;

  /**
   * Whether the agent takes part.
   * @example true
   */
  @Omittable()
  @IsBoolean()
  is_active?: boolean;

  /**
   * Free text, up to 20 characters.
   * @example medium
   */
  @Omittable()
  @IsText(WORD_MAX_LENGTH)
  priority?: string;

  /**
   * What the agent can do: a JSON object, an array, or null.
   * @example {"languages": ["typescript"]}
   */
  @Omittable()
  @IsJsonDocument()
  capabilities?: unknown;

  /**
   * The agent's settings: a JSON object, an array, or null.
   * @example {"temperature": 0.2}
   */
  @Omittable()
  @IsJsonDocument()
  config?: unknown;
}
