import { ApiProperty } from '@nestjs/swagger';
import { CATEGORIES, type Category, DIFFICULTIES, type Difficulty } from '../../../progression/index.js';
import type { TestCatalogue } from '../../custody-views.js';
import { type TestCategory, TIME_LIMITS } from '../../rules/test-categories.js';

/** What agents can be tested in. */
export class TestCategoryDto implements TestCategory {
  /** @example security_awareness */
  @ApiProperty({ enum: CATEGORIES })
  category!: Category;
  /**
   * What is tested.
   * @example "Whether it sees vulnerabilities, and writes none."
   */
  description!: string;
  /**
   * Difficulties that the category is meant for, easiest first.
   * @example ["intermediate", "advanced", "expert"]
   */
  @ApiProperty({ enum: DIFFICULTIES, isArray: true })
  difficulty_focus!: Difficulty[];
  /**
   * Agents with a focus of their own that are tested in it above all.
   * @example ["guardian"]
   */
  focus_of!: string[];
  /**
   * Whether agents without a focus of their own are tested in it above all.
   * @example false
   */
  focus_of_others!: boolean;
}

/** Documents the time limits: one for each difficulty. */
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

/** What agents are tested in, how long they may take, and how good they must be. */
export class TestCatalogueDto implements TestCatalogue {
  categories!: TestCategoryDto[];
  /** Seconds that a test of each difficulty may take. */
  @ApiTimeLimits()
  time_limits!: Readonly<Record<Difficulty, number>>;
  /**
   * Score (0–100) from which on an adversarial test is passed (setting).
   * @example 70
   */
  @ApiProperty({ minimum: 0, maximum: 100 })
  pass_mark!: number;
}
