import { ApiProperty } from '@nestjs/swagger';
import { OldAnswerDto } from './envelope.dto.js';

export class OldRecommendationsDataDto {
  /**
   * Recommendations for the agents of the page, one sentence each.
   * @example ["conquest has failed 3 tests in a row and needs remedial training."]
   */
  recommendations!: string[];
  /** @example 1 */
  @ApiProperty({ type: 'integer' })
  total_recommendations!: number;
  /**
   * Recommendations that contain "needs" or "failure".
   * @example ["conquest has failed 3 tests in a row and needs remedial training."]
   */
  priority_recommendations!: string[];
  /** Cursor of the next page of agents; null on the last page. */
  next_cursor!: string | null;
}

export class OldRecommendationsDto extends OldAnswerDto {
  data!: OldRecommendationsDataDto;
}
