import { ApiProperty } from '@nestjs/swagger';
import {
  type Recommendation,
  RECOMMENDATION_CODES,
  type RecommendationCode,
  SEVERITIES,
  type Severity,
} from '../../rules/recommendations.js';

/** What should be done about an agent. */
export class RecommendationDto implements Recommendation {
  /** @example guardian */
  agent_type!: string;
  /**
   * What should be done, for programs.
   * @example remedial_training
   */
  @ApiProperty({ enum: RECOMMENDATION_CODES })
  code!: RecommendationCode;
  /** @example critical */
  @ApiProperty({ enum: SEVERITIES })
  severity!: Severity;
  /**
   * What should be done, as a sentence.
   * @example "guardian has failed 3 tests in a row and needs remedial training."
   */
  message!: string;
}
