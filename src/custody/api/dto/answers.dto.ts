import { ApiProperty } from '@nestjs/swagger';
import { SuccessDto } from '../../../agent-metrics/index.js';
import { DifficultyDto } from './difficulty.dto.js';
import { EligibilitiesDto } from './eligibility.dto.js';
import { RecommendationDto } from './recommendation.dto.js';
import { ScheduleDto } from './schedule.dto.js';
import { StandingDto } from './standing.dto.js';
import { TestCatalogueDto } from './test-catalogue.dto.js';

/** What every answer about one agent has. */
export class CustodyAnswerDto extends SuccessDto {
  /** @example guardian */
  agent_type!: string;
  /** The moment that the answer is about. */
  timestamp!: Date;
}

export class StandingAnswerDto extends CustodyAnswerDto {
  @ApiProperty()
  standing!: StandingDto;
}

export class EligibilityAnswerDto extends CustodyAnswerDto {
  @ApiProperty()
  eligibility!: EligibilitiesDto;
}

export class DifficultyAnswerDto extends CustodyAnswerDto {
  @ApiProperty()
  difficulty!: DifficultyDto;
}

export class ScheduleAnswerDto extends CustodyAnswerDto {
  @ApiProperty()
  schedule!: ScheduleDto;
}

export class RecommendationsAnswerDto extends CustodyAnswerDto {
  /** What should be done about the agent; empty when nothing should. */
  @ApiProperty({ type: [RecommendationDto] })
  recommendations!: RecommendationDto[];
}

export class StandingsAnswerDto extends SuccessDto {
  /** Where the agents stand, in the order of their creation. */
  @ApiProperty({ type: [StandingDto] })
  agents!: StandingDto[];
  /** Opens the next page; null on the last one. */
  next_cursor!: string | null;
  /** The moment that the answer is about. */
  timestamp!: Date;
}

export class TestCatalogueAnswerDto extends SuccessDto {
  @ApiProperty()
  test_catalogue!: TestCatalogueDto;
  /** When it was asked for. */
  timestamp!: Date;
}
