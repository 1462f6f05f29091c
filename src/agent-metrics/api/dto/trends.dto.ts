import { type Bucket, BUCKETS } from '../../../rollups/index.js';
import { ApiProperty } from '@nestjs/swagger';
import { SuccessDto } from './answers.dto.js';
import { TestPerformanceDto, TrendDto } from './test-outcomes.dto.js';

export class TrendsDto extends SuccessDto {
  @ApiProperty({ enum: BUCKETS })
  bucket!: Bucket;
  /** When the first hour or day begins. */
  from!: Date;
  /** When the last one ends. */
  to!: Date;
  /** One for each hour or day, also for those without tests, oldest first. */
  trends!: TrendDto[];
  /** When they were read. */
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
  /** When it was read. */
  timestamp!: Date;
}
