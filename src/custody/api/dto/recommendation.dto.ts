import { ApiProperty } from '@nestjs/swagger';
import {
  type Recommendation,
  RECOMMENDATION_CODES,
  type RecommendationCode,
  SEVERITIES,
  type Severity,
} from '../../rules/recommendations.js';

/** A recommended action for an agent. */
export class RecommendationDto implements Recommendation {
  /** @example guardian */
  agent_type!: string;
  /**
   * Machine-readable identifier.
   * @example remedial_training
   */
  @ApiProperty({ enum: RECOMMENDATION_CODES })
  code!: RecommendationCode;
  /** @example critical */
  @ApiProperty({ enum: SEVERITIES })
  severity!: Severity;
  /**
   * The recommendation as a sentence.
   * @example "guardian has failed 3 tests in a row and needs remedial training."
   */
  message!: string;
}
