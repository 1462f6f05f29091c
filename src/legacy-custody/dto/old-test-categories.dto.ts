import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { DIFFICULTIES, type Difficulty } from '../../progression/index.js';
import { ApiTimeLimits } from '../../custody/index.js';
import { ApiMap } from '../../http/validation/index.js';
import { OldAnswerDto } from './old-answer.dto.js';

export class OldTestCategoryDto {
  /** @example "Whether it sees vulnerabilities, and writes none." */
  description!: string;
  /**
   * Agents that are tested in it above all; `all`: those without a focus of their own.
   * @example ["guardian"]
   */
  ai_focus!: string[];
  /** @example ["intermediate", "advanced", "expert"] */
  @ApiProperty({ enum: DIFFICULTIES, isArray: true })
  difficulty_focus!: Difficulty[];
}

@ApiExtraModels(OldTestCategoryDto)
export class OldTestCategoriesDataDto {
  /** By the name of the category. */
  @ApiMap(OldTestCategoryDto)
  categories!: Record<string, OldTestCategoryDto>;
  /** @example 8 */
  @ApiProperty({ type: 'integer' })
  total_categories!: number;
  /** Seconds that a test of each difficulty may take. */
  @ApiTimeLimits()
  time_limits!: Readonly<Record<Difficulty, number>>;
  /**
   * Score (0–100) from which on an adversarial test is passed (setting).
   * @example 70
   */
  pass_mark!: number;
}

export class OldTestCategoriesDto extends OldAnswerDto {
  data!: OldTestCategoriesDataDto;
}
