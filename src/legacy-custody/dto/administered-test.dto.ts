import { ApiExtraModels, ApiProperty, IntersectionType } from '@nestjs/swagger';
import { Matches } from 'class-validator';
import { ApiMap, Omittable } from '../../http/validation/index.js';
import { CATEGORIES, CATEGORY_PATTERN, DIFFICULTIES, type JsonObject } from '../../progression/index.js';
import { AiTypeDto, OldAnswerDto, OldGatesDto } from './envelope.dto.js';

export class OldTestQueryDto {
  static readonly ignoresUnknownFields = true;

  /** Category of the test. Default: the categories of the agent's focus, in rotation. */
  @Omittable()
  @Matches(CATEGORY_PATTERN)
  @ApiProperty({ examples: Object.fromEntries(CATEGORIES.map((value) => [value, { value }])) })
  test_category?: string;
}

export class OldAdministeredTestDataDto extends IntersectionType(AiTypeDto, OldGatesDto) {
  /** @example success */
  status!: 'success';
  /** @example "The test was passed, and its result recorded" */
  message!: string;
  /** @example security_awareness */
  test_category!: string;
  /** @example basic */
  @ApiProperty({ enum: DIFFICULTIES })
  test_difficulty!: string;
  /**
   * The recorded result (passed, score, duration, timestamp, xp_awarded, category, difficulty), and the other fields of the
   * evaluator's response.
   * @example {"passed": true, "score": 92, "duration": 41.5, "xp_awarded": 10}
   */
  @ApiProperty({ type: 'object', additionalProperties: true })
  test_result!: JsonObject;
}

export class OldAdministeredTestDto extends OldAnswerDto {
  data!: OldAdministeredTestDataDto;
}

/** Failed test of one agent of a batch. */
export class OldFailedTestDto extends AiTypeDto {
  /** @example error */
  status!: 'error';
  /** Detail of the problem that a single test would return. */
  message!: string;
  /** @example evaluator_timeout */
  code!: string;
}

@ApiExtraModels(OldAdministeredTestDataDto, OldFailedTestDto)
export class OldBatchDataDto {
  /** By ai_type: `data` of a single test, or the error (`status`: error). */
  @ApiMap(OldAdministeredTestDataDto, OldFailedTestDto)
  batch_results!: Record<string, OldAdministeredTestDataDto | OldFailedTestDto>;
  /** @example 4 */
  @ApiProperty({ type: 'integer' })
  total_ais_tested!: number;
  /**
   * Number of recorded tests, passed or failed.
   * @example 4
   */
  @ApiProperty({ type: 'integer' })
  successful_tests!: number;
}

export class OldBatchDto extends OldAnswerDto {
  data!: OldBatchDataDto;
}
