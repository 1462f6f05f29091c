import { ApiProperty } from '@nestjs/swagger';
import { CATEGORIES, type Category, DIFFICULTIES, type Difficulty } from '../../../progression/index.js';
import type { TestCatalogue } from '../../custody-views.js';
import { type TestCategory, TIME_LIMITS } from '../../rules/test-categories.js';

/** A category of tests. */
export class TestCategoryDto implements TestCategory {
  /** @example security_awareness */
  @ApiProperty({ enum: CATEGORIES })
  category!: Category;
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
}
