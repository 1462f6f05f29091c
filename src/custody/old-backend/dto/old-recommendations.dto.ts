import { ApiProperty, IntersectionType, OmitType } from '@nestjs/swagger';
import { RecommendationDto } from '../../dto/recommendation.dto.js';
import { AiTypeDto, OldAnswerDto } from './old-answer.dto.js';

export class OldRecommendationDto extends IntersectionType(AiTypeDto, OmitType(RecommendationDto, ['agent_type'])) {}

export class OldRecommendationsDataDto {
  recommendations!: OldRecommendationDto[];
  /** @example 3 */
  @ApiProperty({ type: 'integer' })
  total_recommendations!: number;
  /** Those that are more than hints: warning or critical. */
  priority_recommendations!: OldRecommendationDto[];
  /** Opens the next page of agents; null on the last one. */
  next_cursor!: string | null;
}

export class OldRecommendationsDto extends OldAnswerDto {
  data!: OldRecommendationsDataDto;
}
