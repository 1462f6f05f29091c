import { ApiExtraModels, ApiProperty, PickType } from '@nestjs/swagger';
import { AgentMetrics } from '../../agent-metrics/index.js';
import { ApiMap } from '../../http/validation/index.js';
import type { JsonObject } from '../../progression/index.js';
import { LIVE_STATUS_COLUMNS } from '../columns.js';
import { OldAnswerDto } from './envelope.dto.js';

export class OldLiveStatusDto extends PickType(AgentMetrics, LIVE_STATUS_COLUMNS) {
  /**
   * Custody XP.
   * @example 350
   */
  @ApiProperty({ type: 'integer' })
  xp!: number;
  /** The newest 5 tests of the history, oldest first. */
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  recent_results!: JsonObject[];
  /**
   * Tests passed / tests in the history, 0–1; 0 without tests.
   * @example 0.83
   */
  win_rate!: number;
}

@ApiExtraModels(OldLiveStatusDto)
export class OldLiveAnalyticsDto extends OldAnswerDto {
  /** By ai_type. */
  @ApiMap(OldLiveStatusDto)
  data!: Record<string, OldLiveStatusDto>;
  /** Cursor of the next page of agents; null on the last page. */
  next_cursor!: string | null;
}
