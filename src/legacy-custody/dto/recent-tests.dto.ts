import { ApiProperty, PickType } from '@nestjs/swagger';
import { PageQueryDto } from '../../http/parameters/index.js';
import { AiTypeDto, OldAnswerDto } from './envelope.dto.js';

const DEFAULT_LIMIT = 20;

export class OldRecentTestsQueryDto extends PickType(PageQueryDto, ['limit']) {
  static readonly ignoresUnknownFields = true;
}

/** Requested number of tests. */
export function toLimit({ limit }: OldRecentTestsQueryDto): number {
  return limit === undefined ? DEFAULT_LIMIT : Number(limit);
}

/** A recorded test. */
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
   * End of the test.
   * @example 2026-11-23T10:00:00.000Z
   */
  timestamp!: string;
  /**
   * Awarded XP: custody XP for a custody test, general XP for an adversarial test.
   * @example 40
   */
  @ApiProperty({ type: 'integer' })
  xp_awarded!: number;
  /**
   * Domain of the scenario of an adversarial test; empty if unknown.
   * @example system_security
   */
  scenario_domain!: string;
  /**
   * Complexity of the scenario of an adversarial test; empty if unknown.
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
