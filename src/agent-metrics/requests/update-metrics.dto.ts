import { IsBoolean, IsIn, IsNumber } from 'class-validator';
import {
  IsJsonDocument,
  IsListOfJson,
  IsListOfObjects,
  IsText,
  IsWholeNumber,
  Omittable,
} from '../../http/validation/index.js';
import { applyDecorators } from '@nestjs/common';
import {
  AGENT_ID_MAX_LENGTH,
  DIFFICULTIES,
  type Difficulty,
  INTEGER_MAX,
  type JsonObject,
  type MetricsUpdate,
  WORD_MAX_LENGTH,
} from '../../progression/index.js';

/** Number in the range of a 32-bit integer column. The rules check the meaning (422). */
const Integer = (): PropertyDecorator => applyDecorators(Omittable(), IsWholeNumber(-INTEGER_MAX, INTEGER_MAX));
const Real = (): PropertyDecorator => applyDecorators(Omittable(), IsNumber());

/**
 * Columns to set. Omitted derived columns are recomputed: the level from `xp` (never lowered), the custody level from
 * `custody_xp`, the difficulty from the custody level, the rates from the counters. Setting one streak resets the
 * other.
 */
export class UpdateMetricsDto implements MetricsUpdate {
  /**
   * Unique name of the agent, up to 100 characters.
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
   * Success rate, 0–1.
   * @example 0.9
   */
  @Real()
  success_rate?: number;

  /**
   * Failure rate, 0–1.
   * @example 0.1
   */
  @Real()
  failure_rate?: number;

  /**
   * Pass rate, 0–1.
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
   * Tests given, ≥ 0. Must equal tests passed + tests failed.
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
   * Consecutive tests passed, ≥ 0.
   * @example 4
   */
  @Integer()
  consecutive_successes?: number;

  /**
   * Consecutive tests failed, ≥ 0. Must be 0 if `consecutive_successes` is greater than 0.
   * @example 0
   */
  @Integer()
  consecutive_failures?: number;

  /**
   * Test results, oldest first. The newest 50 are kept (default, configurable).
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
   * Learning patterns, oldest first; any JSON. The newest 100 are kept (default, configurable).
   * @example []
   */
  @Omittable()
  @IsListOfJson()
  learning_patterns?: unknown[];

  /**
   * Improvement suggestions, oldest first; any JSON. The newest 50 are kept (default, configurable).
   * @example []
   */
  @Omittable()
  @IsListOfJson()
  improvement_suggestions?: unknown[];

  /**
   * Status, up to 20 characters, for example idle, learning, active, success, failed or paused.
   * @example active
   */
  @Omittable()
  @IsText(WORD_MAX_LENGTH)
  status?: string;

  /**
   * Whether the agent is active.
   * @example true
   */
  @Omittable()
  @IsBoolean()
  is_active?: boolean;

  /**
   * Priority, up to 20 characters, for example medium.
   * @example medium
   */
  @Omittable()
  @IsText(WORD_MAX_LENGTH)
  priority?: string;

  /**
   * Capabilities of the agent: a JSON object, an array, or null.
   * @example {"languages": ["typescript"]}
   */
  @Omittable()
  @IsJsonDocument()
  capabilities?: unknown;

  /**
   * Configuration of the agent: a JSON object, an array, or null.
   * @example {"temperature": 0.2}
   */
  @Omittable()
  @IsJsonDocument()
  config?: unknown;
}
