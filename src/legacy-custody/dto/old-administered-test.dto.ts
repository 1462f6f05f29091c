import { ApiExtraModels, ApiProperty, IntersectionType } from '@nestjs/swagger';
import { IsIn } from 'class-validator';
import { ApiMap, Omittable } from '../../http/validation/index.js';
import { CATEGORIES, type Category, DIFFICULTIES, type JsonObject } from '../../progression/index.js';
import { AiTypeDto, OldAnswerDto, OldGatesDto } from './old-answer.dto.js';

export class OldTestQueryDto {
  static readonly ignoresOthers = true;

  /** What to test; one of the agent's focus, in turn, when left out. */
  @Omittable()
  @IsIn(CATEGORIES)
  test_category?: Category;
}

export class OldAdministeredTestDataDto extends IntersectionType(AiTypeDto, OldGatesDto) {
  /** @example success */
  status!: 'success';
  /** @example "The test was passed, and its result recorded" */
  message!: string;
  /** @example security_awareness */
  @ApiProperty({ enum: CATEGORIES })
  test_category!: string;
  /** @example basic */
  @ApiProperty({ enum: DIFFICULTIES })
  test_difficulty!: string;
  /**
   * The result as the ledger has it (passed, score, duration, timestamp, xp_awarded, category, difficulty), and whatever
   * else the evaluator said.
   * @example {"passed": true, "score": 92, "duration": 41.5, "xp_awarded": 10}
   */
  @ApiProperty({ type: 'object', additionalProperties: true })
  test_result!: JsonObject;
}

export class OldAdministeredTestDto extends OldAnswerDto {
  data!: OldAdministeredTestDataDto;
}

/** What failed for one agent of a batch. */
export class OldFailedTestDto extends AiTypeDto {
  /** @example error */
  status!: 'error';
  /** As of the problem that a single test would answer with. */
  message!: string;
  /** @example evaluator_timeout */
  code!: string;
}

@ApiExtraModels(OldAdministeredTestDataDto, OldFailedTestDto)
export class OldBatchDataDto {
  /** By ai_type: as `data` of a single test, or why there was none (`status`: error). */
  @ApiMap(OldAdministeredTestDataDto, OldFailedTestDto)
  batch_results!: Record<string, OldAdministeredTestDataDto | OldFailedTestDto>;
  /** @example 4 */
  @ApiProperty({ type: 'integer' })
  total_ais_tested!: number;
  /**
   * Tests that were administered and recorded, passed or not.
   * @example 4
   */
  @ApiProperty({ type: 'integer' })
  successful_tests!: number;
}

export class OldBatchDto extends OldAnswerDto {
  data!: OldBatchDataDto;
}
