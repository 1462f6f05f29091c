import { ApiProperty, IntersectionType, PickType } from '@nestjs/swagger';
import { AgentMetrics } from '../../../agent-metrics/agent-metrics.entity.js';
import { RequirementDto } from '../../dto/requirement.dto.js';
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

export class OldRequirementsDto {
  level_up!: RequirementDto[];
  proposals!: RequirementDto[];
}

/** What the gates look at. */
export class OldCurrentStatusDto extends PickType(AgentMetrics, OLD_CURRENT_STATUS) {}

export class OldEligibilityDataDto extends IntersectionType(AiTypeDto, OldGatesDto) {
  /** Each requirement of the gates, met or not. */
  requirements!: OldRequirementsDto;
  current_status!: OldCurrentStatusDto;
}

export class OldEligibilityDto extends OldAnswerDto {
  data!: OldEligibilityDataDto;
}

export class OldDifficultyRequirementsDto {
  /**
   * Custody levels that have the current difficulty.
   * @example 1-9
   */
  level_range!: string;
  /**
   * Seconds that a test may take.
   * @example 300
   */
  @ApiProperty({ type: 'integer' })
  time_limit!: number;
}

export class OldDifficultyDataDto extends IntersectionType(
  AiTypeDto,
  PickType(AgentMetrics, ['current_difficulty', 'custody_level', 'custody_xp']),
) {
  /** What belongs to the current difficulty; null when that is none that is known. */
  @ApiProperty({ type: OldDifficultyRequirementsDto, nullable: true })
  requirements!: OldDifficultyRequirementsDto | null;
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
  /** @example "Custody metrics reset successfully" */
  message!: string;
}

export class OldResetDto extends OldAnswerDto {
  data!: OldResetDataDto;
}
