export { type AgentMetricsExtras, AgentMetricsModule } from './agent-metrics.module.js';
export type { AgentMetricsOptions, KeyOptions, RuleOptions } from './options.js';
export { CUSTODY_METRICS, type CustodyMetrics } from './read/custody-metrics.js';
export { metricsRecorded } from './api/responses.js';
export { ApiBulkWrite, ApiWrite } from './api/api-write.decorator.js';
export { RecordedEventDto } from './api/dto/events.dto.js';
export { AnalyticsSummaryDto } from './api/dto/analytics-summary.dto.js';
export { AsOfDto } from './api/dto/as-of.dto.js';
export { MetricsRecordedDto, SuccessDto } from './api/dto/responses.dto.js';
export { CustodyTestDto, toCustodyTestResult } from './requests/custody-test.dto.js';
export { EarnedDto, LeaderboardEntryDto } from './api/dto/leaderboard-entry.dto.js';
export type { TestResultItem } from './requests/test-result-item.dto.js';
export type { VoidRequest } from './requests/void.dto.js';
export { assertSmall } from './requests/test-details.dto.js';
export { AgentEntryDto } from './requests/agent-entry.dto.js';
export { TestOutcomesDto } from './api/dto/test-outcomes.dto.js';
export { UpdateMetricsDto } from './requests/update-metrics.dto.js';
export { acknowledge, acknowledgeAll, BulkWriteHeaders, WriteHeaders } from './api/write-headers.js';
export { AGENT_METRICS_SETTINGS, type AgentMetricsSettings } from './settings.js';
export { DefaultAgents } from './default-agents.js';
export { AgentDocuments } from './read/agent-documents.js';
export { type PastAgent, PastAgents } from './read/past-agents.js';
export { AgentEvents, type EventOfAgent, type RecordedEvent } from './read/agent-events.js';
export { AgentMetricsQueries, type LongColumn } from './read/agent-metrics.queries.js';
export { AnalyticsService, type AnalyticsSummary, type Trends } from './read/analytics.service.js';
export type { ComparedGroup, Comparison, GroupDifference } from './read/comparison.js';
export { GroupedRead } from './read/grouped-read.js';
export { type LeaderboardPage, LeaderboardQueries } from './read/leaderboard.queries.js';
export type { ComparedField, ComparisonRequest } from './requests/compare-query.dto.js';
export { type EventOrder, type EventsRequest } from './requests/events-query.dto.js';
export type { EvidenceFilter, TestFilter } from './requests/test-filter.dto.js';
export type { FilteredTrendRequest } from './requests/trends-query.dto.js';
export type { LeaderboardPeriod, LeaderboardRequest } from './requests/leaderboard-query.dto.js';
export { AgentAlias } from './store/agent-alias.entity.js';
export { AgentMetrics } from './store/agent-metrics.entity.js';
export { AgentMetricsRepository, type RowChange } from './store/agent-metrics.repository.js';
export type { AgentCommand, LevelUps, RecordedChange } from './write/unit-of-work.js';
export { BATCH_MAX, type ItemHead, type ItemOutcome } from './write/result-batch.js';
export { AgentMetricsService } from './write/agent-metrics.service.js';
export type { AgentLocker } from './write/agent-locker.js';
export { CommandExecutor } from './write/command-executor.js';
export { GroupCommit } from './write/group-commit.js';
export {
  type BatchOptions,
  type BulkWriteOptions,
  parseBulkWriteOptions,
  parseWriteOptions,
  type WriteOptions,
} from './write/write-options.js';
export { analyzeErased, type ErasedAgent } from './write/lifecycle/erase-agent.js';
export type { EraseRequest } from './requests/erase.dto.js';
export { createWritePath, type WritePath } from './write/write-path.js';
