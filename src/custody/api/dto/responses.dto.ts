import { ApiProperty } from '@nestjs/swagger';
import { AsOfDto, SuccessDto } from '../../../agent-metrics/index.js';
import { DifficultyDto } from './difficulty.dto.js';
import { EligibilitiesDto } from './eligibility.dto.js';
import { RecommendationDto } from './recommendation.dto.js';
import { ScheduleDto } from './schedule.dto.js';
import { StandingDto } from './standing.dto.js';
import { TestCatalogueDto } from './test-catalogue.dto.js';

/** Fields of all responses about one agent. */
export class CustodyAnswerDto extends SuccessDto {
  /** @example guardian */
  agent_type!: string;
  /** Time at which the response was computed. */
  timestamp!: Date;
}

export class StandingAnswerDto extends CustodyAnswerDto {
  @ApiProperty()
  standing!: StandingDto;
  as_of?: AsOfDto;
}

export class EligibilityAnswerDto extends CustodyAnswerDto {
  @ApiProperty()
  eligibility!: EligibilitiesDto;
  as_of?: AsOfDto;
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
  /** Recommendations for the agent; empty if there are none. */
  @ApiProperty({ type: [RecommendationDto] })
  recommendations!: RecommendationDto[];
}

export class StandingsAnswerDto extends SuccessDto {
  /** Standings of the agents, in the order of their creation. */
  @ApiProperty({ type: [StandingDto] })
  agents!: StandingDto[];
  /** Cursor of the next page; null on the last page. */
  next_cursor!: string | null;
  /** Time at which the response was computed. */
  timestamp!: Date;
}

export class TestCatalogueAnswerDto extends SuccessDto {
  @ApiProperty()
  test_catalogue!: TestCatalogueDto;
  /** Time of the request. */
  timestamp!: Date;
}
