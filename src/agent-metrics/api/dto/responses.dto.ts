import { ApiProperty, PickType } from '@nestjs/swagger';
import { AgentMetrics } from '../../store/agent-metrics.entity.js';
import { SNAPSHOT_COLUMNS } from '../../../progression/index.js';
import { CUSTODY_METRICS } from '../../read/custody-metrics.js';
import { type LeaderboardPeriod, LEADERBOARD_PERIODS } from '../../requests/leaderboard-query.dto.js';
import { AnalyticsSummaryDto } from './analytics-summary.dto.js';
import { AsOfDto } from './as-of.dto.js';
import { LeaderboardEntryDto } from './leaderboard-entry.dto.js';

/** Common field of all successful responses. */
export class SuccessDto {
  /**
   * Always "success". Errors are problem documents (RFC 9457).
   * @example success
   */
  status!: 'success';
}

export const OVERVIEW_SUMMARY = [
  'total_learning_score',
  'total_xp',
  'total_tests_given',
  'total_tests_passed',
  'average_level',
] as const;
/** Sums over all agents, independent of the page. */
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
   * Number of agents.
   * @example 4
   */
  @ApiProperty({ type: 'integer' })
  total_agents!: number;
  /**
   * Agent types of this page, in order of creation.
   * @example ["imperium", "guardian", "sandbox", "conquest"]
   */
  agents!: string[];
  summary!: OverviewSummaryDto;
  /** Cursor of the next page; omitted on the last page. */
  next_cursor?: string;
}

export class AgentMetricsDto extends SuccessDto {
  /** @example guardian */
  agent_type!: string;
  metrics!: AgentMetrics;
  as_of?: AsOfDto;
  /** Time of the read. */
  timestamp!: Date;
}

export class CustodyMetricsOfAgentDto extends PickType(AgentMetrics, CUSTODY_METRICS) {}

export class CustodyMetricsDto extends SuccessDto {
  /** @example guardian */
  agent_type!: string;
  custody_metrics!: CustodyMetricsOfAgentDto;
  as_of?: AsOfDto;
  /** Time of the read. */
  timestamp!: Date;
}

/** Common fields of responses to writes. */
export class RecordedDto extends SuccessDto {
  /** @example guardian */
  agent_type!: string;
  /** Message for people. */
  message!: string;
}

export const AFTER_CUSTODY_TEST = ['total_tests_given', 'total_tests_passed', 'custody_level', 'custody_xp'] as const;
class UpdatedByCustodyTestDto extends PickType(AgentMetrics, AFTER_CUSTODY_TEST) {}
export class CustodyTestRecordedDto extends RecordedDto {
  updated_custody_metrics!: UpdatedByCustodyTestDto;
}

export const AFTER_ADVERSARIAL_TEST = [
  'total_tests_given',
  'total_tests_passed',
  'adversarial_wins',
  'xp',
  'level',
] as const;
class UpdatedByAdversarialTestDto extends PickType(AgentMetrics, AFTER_ADVERSARIAL_TEST) {}
export class AdversarialTestRecordedDto extends RecordedDto {
  updated_custody_metrics!: UpdatedByAdversarialTestDto;
}

export const AFTER_CUSTODY_XP = ['custody_xp', 'custody_level', 'current_difficulty'] as const;
class UpdatedByCustodyXpDto extends PickType(AgentMetrics, AFTER_CUSTODY_XP) {}
export class CustodyXpRecordedDto extends RecordedDto {
  updated_custody_metrics!: UpdatedByCustodyXpDto;
}

export const AFTER_LEARNING = [
  'learning_score',
  'total_learning_cycles',
  'success_rate',
  'failure_rate',
  'xp',
  'level',
] as const;
class UpdatedByLearningDto extends PickType(AgentMetrics, AFTER_LEARNING) {}
export class LearningRecordedDto extends RecordedDto {
  updated_learning_metrics!: UpdatedByLearningDto;
}

export const AFTER_UPDATE = ['version', ...SNAPSHOT_COLUMNS] as const;
/** Scalar columns of an agent, without identity, times, lists and documents. */
class UpdatedMetricsDto extends PickType(AgentMetrics, AFTER_UPDATE) {}
export class MetricsRecordedDto extends RecordedDto {
  updated_metrics!: UpdatedMetricsDto;
}

export class BulkRecordedDto extends SuccessDto {
  /** Message for people. */
  message!: string;
  /**
   * Types of the updated agents.
   * @example ["guardian", "sandbox"]
   */
  updated_agents!: string[];
  /**
   * Number of updated agents.
   * @example 2
   */
  @ApiProperty({ type: 'integer' })
  total_updated!: number;
}

export class AnalyticsDto extends SuccessDto {
  analytics!: AnalyticsSummaryDto;
  /** Time of the read. */
  timestamp!: Date;
}

export class LeaderboardDto extends SuccessDto {
  @ApiProperty({ enum: LEADERBOARD_PERIODS })
  period!: LeaderboardPeriod;
  /** Start of the first hour of the period; null for `all`. */
  from!: Date | null;
  /** End of the last hour of the period, which may be in progress; null for `all`. */
  to!: Date | null;
  leaderboard!: LeaderboardEntryDto[];
  /** Cursor of the next page; null on the last page. */
  next_cursor!: string | null;
  /** Time of the read. */
  timestamp!: Date;
}
