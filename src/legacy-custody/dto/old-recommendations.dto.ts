import { ApiProperty } from '@nestjs/swagger';
import { OldAnswerDto } from './old-answer.dto.js';

export class OldRecommendationsDataDto {
  /**
   * A sentence for each thing that should be done about the agents of this page.
   * @example ["conquest has failed 3 tests in a row and needs remedial training."]
   */
  recommendations!: string[];
  /** @example 1 */
  @ApiProperty({ type: 'integer' })
  total_recommendations!: number;
  /**
   * Those that say "needs" or "failure".
   * @example ["conquest has failed 3 tests in a row and needs remedial training."]
   */
  priority_recommendations!: string[];
  /** Opens the next page of agents; null on the last one. */
  next_cursor!: string | null;
}

export class OldRecommendationsDto extends OldAnswerDto {
  data!: OldRecommendationsDataDto;
}
