import { type Bucket, BUCKETS } from '../../../rollups/index.js';
import { ApiProperty } from '@nestjs/swagger';
import { SuccessDto } from './responses.dto.js';
import { TestPerformanceDto, TrendDto } from './test-outcomes.dto.js';

export class TrendsDto extends SuccessDto {
  @ApiProperty({ enum: BUCKETS })
  bucket!: Bucket;
  /** Start of the first hour or day. */
  from!: Date;
  /** End of the last hour or day. */
  to!: Date;
  /** One entry per hour or day, including those without tests, oldest first. */
  trends!: TrendDto[];
  /** Time of the read. */
  timestamp!: Date;
}

export class AgentTrendsDto extends TrendsDto {
  /** @example guardian */
  agent_type!: string;
}

export class AgentAnalyticsDto extends SuccessDto {
  /** @example guardian */
  agent_type!: string;
  test_performance!: TestPerformanceDto;
  /** Time of the read. */
  timestamp!: Date;
}
