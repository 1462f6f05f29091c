import { ApiExtraModels, IntersectionType, PickType } from '@nestjs/swagger';
import { StandingDto } from '../../dto/standing.dto.js';
import { OLD_LIVE_STATUS } from '../old-columns.js';
import { OldOverallMetricsDto } from './old-analytics.dto.js';
import { ApiMapOf } from '../../../common/api-map-of.decorator.js';
import { OldAnswerDto, OldGatesDto } from './old-answer.dto.js';

export class OldLiveStatusDto extends IntersectionType(OldGatesDto, PickType(StandingDto, OLD_LIVE_STATUS)) {}

@ApiExtraModels(OldLiveStatusDto)
export class OldLiveAnalyticsDataDto {
  overall_metrics!: OldOverallMetricsDto;
  /** What each agent does and may do now, by ai_type. */
  @ApiMapOf(OldLiveStatusDto)
  ai_status!: Record<string, OldLiveStatusDto>;
  /** Opens the next page of agents; null on the last one. */
  next_cursor!: string | null;
}

export class OldLiveAnalyticsDto extends OldAnswerDto {
  data!: OldLiveAnalyticsDataDto;
}
