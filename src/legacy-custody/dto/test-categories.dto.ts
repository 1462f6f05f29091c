import { ApiExtraModels, ApiProperty } from '@nestjs/swagger';
import { DIFFICULTIES, type Difficulty } from '../../progression/index.js';
import { ApiTimeLimits } from '../../custody/index.js';
import { ApiMap } from '../../http/validation/index.js';
import { OldAnswerDto } from './envelope.dto.js';

export class OldTestCategoryDto {
  /** @example "Whether the agent detects vulnerabilities and avoids introducing them." */
  description!: string;
  /**
   * Agents whose focus includes the category; `all`: it is in the default focus of all other agents.
   * @example ["guardian"]
   */
  ai_focus!: string[];
  /** @example ["intermediate", "advanced", "expert"] */
  @ApiProperty({ enum: DIFFICULTIES, isArray: true })
  difficulty_focus!: Difficulty[];
}

@ApiExtraModels(OldTestCategoryDto)
export class OldTestCategoriesDataDto {
  /** By name of the category. */
  @ApiMap(OldTestCategoryDto)
  categories!: Record<string, OldTestCategoryDto>;
  /** @example 8 */
  @ApiProperty({ type: 'integer' })
  total_categories!: number;
  /** Time limit of each difficulty, in seconds. */
  @ApiTimeLimits()
  time_limits!: Readonly<Record<Difficulty, number>>;
  /**
   * Minimum score (0–100) to pass an adversarial test (setting).
   * @example 70
   */
  pass_mark!: number;
}

export class OldTestCategoriesDto extends OldAnswerDto {
  data!: OldTestCategoriesDataDto;
}
