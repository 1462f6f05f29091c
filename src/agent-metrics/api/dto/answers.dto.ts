import { ApiProperty, PickType } from '@nestjs/swagger';
import { AgentMetrics } from '../../store/agent-metrics.entity.js';
import {
  AFTER_ADVERSARIAL_TEST,
  AFTER_CUSTODY_TEST,
  AFTER_CUSTODY_XP,
  AFTER_LEARNING,
  AFTER_UPDATE,
  CUSTODY_METRICS,
} from '../answer-columns.js';
import { AnalyticsSummaryDto } from './analytics-summary.dto.js';
import { LeaderboardEntryDto } from './leaderboard-entry.dto.js';

/** What every answer begins with. */
export class SuccessDto {
  /**
   * Always "success"; errors are problem documents.
   * @example success
   */
  status!: 'success';
}

/** Sums over all agents, whatever page is shown. */
export class OverviewSummaryDto {
  /** @example 1500 */
  total_learning_score!: number;
  /** @example 2500 */
  @ApiProperty({ type: 'integer' })
  total_xp!: number;
  /** @example 45 */
  @ApiProperty({ type: 'integer' })
  total_tests_given!: number;
  /** @example 38 */
  @ApiProperty({ type: 'integer' })
  total_tests_passed!: number;
  /** @example 3.5 */
  average_level!: number;
}

export class OverviewDto extends SuccessDto {
  /**
   * How many agents there are.
   * @example 4
   */
  @ApiProperty({ type: 'integer' })
  total_agents!: number;
  /**
   * Agent types on this page, in the order of their creation.
   * @example ["imperium", "guardian", "sandbox", "conquest"]
   */
  agents!: string[];
  summary!: OverviewSummaryDto;
  /** Opens the next page; left out on the last one. */
  next_cursor?: string;
}

export class AgentMetricsDto extends SuccessDto {
  /** @example guardian */
  agent_type!: string;
  metrics!: AgentMetrics;
  /** When it was read. */
  timestamp!: Date;
}

export class CustodyMetricsOfAgentDto extends PickType(AgentMetrics, CUSTODY_METRICS) {}

export class CustodyMetricsDto extends SuccessDto {
  /** @example guardian */
  agent_type!: string;
  custody_metrics!: CustodyMetricsOfAgentDto;
  /** When it was read. */
  timestamp!: Date;
}

/** What every recorded change answers. */
export class RecordedDto extends SuccessDto {
  /** @example guardian */
  agent_type!: string;
  /** Says what was recorded. */
  message!: string;
}

class UpdatedByCustodyTestDto extends PickType(AgentMetrics, AFTER_CUSTODY_TEST) {}
export class CustodyTestRecordedDto extends RecordedDto {
  updated_custody_metrics!: UpdatedByCustodyTestDto;
}

class UpdatedByAdversarialTestDto extends PickType(AgentMetrics, AFTER_ADVERSARIAL_TEST) {}
export class AdversarialTestRecordedDto extends RecordedDto {
  updated_custody_metrics!: UpdatedByAdversarialTestDto;
}

class UpdatedByCustodyXpDto extends PickType(AgentMetrics, AFTER_CUSTODY_XP) {}
export class CustodyXpRecordedDto extends RecordedDto {
  updated_custody_metrics!: UpdatedByCustodyXpDto;
}

class UpdatedByLearningDto extends PickType(AgentMetrics, AFTER_LEARNING) {}
export class LearningRecordedDto extends RecordedDto {
  updated_learning_metrics!: UpdatedByLearningDto;
}

/** All numbers of an agent, without its lists, times and settings. */
class UpdatedMetricsDto extends PickType(AgentMetrics, AFTER_UPDATE) {}
export class MetricsRecordedDto extends RecordedDto {
  updated_metrics!: UpdatedMetricsDto;
}

export class BulkRecordedDto extends SuccessDto {
  /** Says what was recorded. */
  message!: string;
  /**
   * Agents that were updated.
   * @example ["guardian", "sandbox"]
   */
  updated_agents!: string[];
  /**
   * How many.
   * @example 2
   */
  @ApiProperty({ type: 'integer' })
  total_updated!: number;
}

export class AnalyticsDto extends SuccessDto {
  analytics!: AnalyticsSummaryDto;
  /** When it was read. */
  timestamp!: Date;
}

export class LeaderboardDto extends SuccessDto {
  leaderboard!: LeaderboardEntryDto[];
  /** Opens the next page; null on the last one. */
  next_cursor!: string | null;
  /** When it was read. */
  timestamp!: Date;
}
