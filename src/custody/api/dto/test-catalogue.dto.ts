import { ApiProperty } from '@nestjs/swagger';
import { CATEGORIES, type KnownCategory, DIFFICULTIES, type Difficulty } from '../../../progression/index.js';
import type { SeenCategory, TestCatalogue } from '../../custody-views.js';
import { type TestCategory, TIME_LIMITS } from '../../rules/test-categories.js';

/** A category of tests. */
export class TestCategoryDto implements TestCategory {
  /** @example security_awareness */
  @ApiProperty({ enum: CATEGORIES })
  category!: KnownCategory;
  /**
   * Subject of the tests.
   * @example "Whether the agent detects vulnerabilities and avoids introducing them."
   */
  description!: string;
  /**
   * Difficulties for which the category is intended, easiest first.
   * @example ["intermediate", "advanced", "expert"]
   */
  @ApiProperty({ enum: DIFFICULTIES, isArray: true })
  difficulty_focus!: Difficulty[];
  /**
   * Agents whose focus includes the category.
   * @example ["guardian"]
   */
  focus_of!: string[];
  /**
   * Whether the category is in the default focus of all other agents.
   * @example false
   */
  focus_of_others!: boolean;
}

/** A category of recorded tests. */
export class SeenCategoryDto implements SeenCategory {
  /** @example sql_injection */
  category!: string;
  /**
   * Tests passed or failed.
   * @example 42
   */
  @ApiProperty({ type: 'integer' })
  tests!: number;
  /**
   * Tests that errored.
   * @example 1
   */
  @ApiProperty({ type: 'integer' })
  errored!: number;
}

/** Schema of the time limits: one per difficulty. */
export const ApiTimeLimits = (): PropertyDecorator =>
  ApiProperty({
    type: 'object',
    properties: Object.fromEntries(
      DIFFICULTIES.map((difficulty) => [difficulty, { type: 'integer' as const, minimum: 1 }]),
    ),
    required: [...DIFFICULTIES],
    selfRequired: true,
    additionalProperties: false,
    example: TIME_LIMITS,
  });

/** Categories, time limits and pass mark of the tests. */
export class TestCatalogueDto implements TestCatalogue {
  /** Categories with a focus and a range of difficulties. Tests may have other categories. */
  categories!: TestCategoryDto[];
  /** Time limit of each difficulty, in seconds. */
  @ApiTimeLimits()
  time_limits!: Readonly<Record<Difficulty, number>>;
  /**
   * Minimum score (0–100) to pass an adversarial test (setting).
   * @example 70
   */
  @ApiProperty({ minimum: 0, maximum: 100 })
  pass_mark!: number;
  /** Categories of the recorded tests, in alphabetical order. */
  seen_categories!: SeenCategoryDto[];
}
