import { ApiProperty, IntersectionType, PickType } from '@nestjs/swagger';
import { AgentMetrics } from '../../agent-metrics/index.js';
import { OLD_CURRENT_STATUS, OLD_RESET, OLD_TEST_STATUS } from '../old-columns.js';
import { AiTypeDto, OldAnswerDto, OldGatesDto } from './old-answer.dto.js';

export class OldTestStatusDataDto extends IntersectionType(
  AiTypeDto,
  OldGatesDto,
  PickType(AgentMetrics, OLD_TEST_STATUS),
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

/** A sentence for each requirement, made of the thresholds in force. An agent that isn't active may not propose either. */
export class OldRequirementsDto {
  level_up!: OldLevelUpRequirementsDto;
  proposals!: OldProposalRequirementsDto;
}

/** What the gates look at. */
export class OldCurrentStatusDto extends PickType(AgentMetrics, OLD_CURRENT_STATUS) {}

export class OldEligibilityDataDto extends IntersectionType(AiTypeDto, OldGatesDto) {
  requirements!: OldRequirementsDto;
  current_status!: OldCurrentStatusDto;
}

export class OldEligibilityDto extends OldAnswerDto {
  data!: OldEligibilityDataDto;
}

export class OldDifficultyRequirementsDto {
  /**
   * Custody levels that have the current difficulty; `unknown` when it is none of the known ones.
   * @example 1-9
   */
  level_range!: string;
  /**
   * The difficulty in a sentence.
   * @example "Basic tests, for custody levels 1-9, of up to 300 seconds each."
   */
  description!: string;
  /**
   * Seconds that a test may take; null when the difficulty is none of the known ones.
   * @example 300
   */
  @ApiProperty({ type: 'integer', nullable: true })
  time_limit!: number | null;
}

export class OldDifficultyDataDto extends IntersectionType(
  AiTypeDto,
  PickType(AgentMetrics, ['current_difficulty', 'custody_level', 'custody_xp']),
) {
  /** What belongs to the current difficulty. */
  requirements!: OldDifficultyRequirementsDto;
  /**
   * The next harder one; the current one when there is none.
   * @example intermediate
   */
  next_difficulty!: string;
  /**
   * Custody XP that it still takes; null when there is none.
   * @example 4150
   */
  @ApiProperty({ type: 'integer', nullable: true })
  custody_xp_needed!: number | null;
}

export class OldDifficultyDto extends OldAnswerDto {
  data!: OldDifficultyDataDto;
}

export class OldResetDataDto extends IntersectionType(AiTypeDto, PickType(AgentMetrics, OLD_RESET)) {
  /** @example success */
  status!: 'success';
  /** @example "Custody metrics reset successfully" */
  message!: string;
}

export class OldResetDto extends OldAnswerDto {
  data!: OldResetDataDto;
}
