import { ApiProperty, PickType } from '@nestjs/swagger';
import { PageQueryDto } from '../../http/parameters/index.js';
import { AiTypeDto, OldAnswerDto } from './old-answer.dto.js';

/** Tests that are listed unless another number is asked for. */
const RECENT_TESTS_LIMIT = 20;

export class OldRecentTestsQueryDto extends PickType(PageQueryDto, ['limit']) {
  static readonly ignoresOthers = true;
}

/** How many tests the query asks for. */
export function recentTestsLimitOf({ limit }: OldRecentTestsQueryDto): number {
  return limit === undefined ? RECENT_TESTS_LIMIT : Number(limit);
}

/** A test that was recorded. */
export class OldRecentTestDto extends AiTypeDto {
  /** @example adversarial */
  test_type!: 'custody' | 'adversarial';
  /**
   * Score, 0–100.
   * @example 88
   */
  score!: number;
  /** @example true */
  passed!: boolean;
  /**
   * When the test ended.
   * @example 2026-11-23T10:00:00.000Z
   */
  timestamp!: string;
  /**
   * XP that it awarded: custody XP for a custody test, general XP for an adversarial one.
   * @example 40
   */
  @ApiProperty({ type: 'integer' })
  xp_awarded!: number;
  /**
   * What the scenario of an adversarial test was about; empty when nothing was said.
   * @example system_security
   */
  scenario_domain!: string;
  /**
   * How complex that scenario was; empty when nothing was said.
   * @example advanced
   */
  scenario_complexity!: string;
  /**
   * Whether the agent won an adversarial test; false for custody tests.
   * @example true
   */
  is_winner!: boolean;
}

export class OldRecentTestsDto extends OldAnswerDto {
  /** Newest first. */
  data!: OldRecentTestDto[];
}
