import { ApiProperty, IntersectionType, PickType } from '@nestjs/swagger';
import { AgentMetrics } from '../../agent-metrics/index.js';
import { CURRENT_STATUS_COLUMNS, RESET_COLUMNS, TEST_STATUS_COLUMNS } from '../columns.js';
import { AiTypeDto, OldAnswerDto, OldGatesDto } from './envelope.dto.js';

export class OldTestStatusDataDto extends IntersectionType(
  AiTypeDto,
  OldGatesDto,
  PickType(AgentMetrics, TEST_STATUS_COLUMNS),
) {}

export class OldTestStatusDto extends OldAnswerDto {
  data!: OldTestStatusDataDto;
}

export class OldLevelUpRequirementsDto {
  /** @example "At least 80 % of the last 5 tests passed, of at least 3 tests" */
  recent_pass_rate!: string;
  /** @example "At most 2 tests failed in a row" */
  consecutive_failures!: string;
  /** @example "At least 100 custody XP" */
  custody_xp!: string;
}

export class OldProposalRequirementsDto {
  /** @example "At least 1 test passed" */
  at_least_one_test_passed!: string;
  /** @example "At most 3 tests failed in a row" */
  consecutive_failures!: string;
  /** @example "A test passed within the last 24 hours" */
  recent_test!: string;
}

/** A sentence for each requirement, with the configured thresholds. An agent must also be active to propose. */
export class OldRequirementsDto {
  level_up!: OldLevelUpRequirementsDto;
  proposals!: OldProposalRequirementsDto;
}

/** The metrics that the gates use. */
export class OldCurrentStatusDto extends PickType(AgentMetrics, CURRENT_STATUS_COLUMNS) {}

export class OldEligibilityDataDto extends IntersectionType(AiTypeDto, OldGatesDto) {
  requirements!: OldRequirementsDto;
  current_status!: OldCurrentStatusDto;
}

export class OldEligibilityDto extends OldAnswerDto {
  data!: OldEligibilityDataDto;
}

export class OldDifficultyRequirementsDto {
  /**
   * Custody levels with the current difficulty; `unknown` for an unknown difficulty.
   * @example 1-9
   */
  level_range!: string;
  /**
   * Description of the difficulty.
   * @example "Basic tests, for custody levels 1-9, of up to 300 seconds each."
   */
  description!: string;
  /**
   * Time limit in seconds; null for an unknown difficulty.
   * @example 300
   */
  @ApiProperty({ type: 'integer', nullable: true })
  time_limit!: number | null;
}

export class OldDifficultyDataDto extends IntersectionType(
  AiTypeDto,
  PickType(AgentMetrics, ['current_difficulty', 'custody_level', 'custody_xp']),
) {
  /** Properties of the current difficulty. */
  requirements!: OldDifficultyRequirementsDto;
  /**
   * The next difficulty; the current one if it is the highest.
   * @example intermediate
   */
  next_difficulty!: string;
  /**
   * Custody XP still needed for it; null if there is none.
   * @example 4150
   */
  @ApiProperty({ type: 'integer', nullable: true })
  custody_xp_needed!: number | null;
}

export class OldDifficultyDto extends OldAnswerDto {
  data!: OldDifficultyDataDto;
}

export class OldResetDataDto extends IntersectionType(AiTypeDto, PickType(AgentMetrics, RESET_COLUMNS)) {
  /** @example success */
  status!: 'success';
  /** @example "Custody metrics reset successfully" */
  message!: string;
}

export class OldResetDto extends OldAnswerDto {
  data!: OldResetDataDto;
}
