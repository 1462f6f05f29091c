/**
 * Public API of the library for NestJS applications. Importing it has no side effects.
 *
 * @packageDocumentation
 */
export {
  AgentMetrics,
  type AgentMetricsExtras,
  AgentMetricsModule,
  AgentMetricsQueries,
  type AgentMetricsOptions,
  AgentMetricsService,
  AnalyticsService,
  type AnalyticsSummary,
  type BulkWriteOptions,
  type CustodyMetrics,
  type KeyOptions,
  EarnedDto,
  LeaderboardEntryDto,
  type LeaderboardPage,
  type LeaderboardPeriod,
  type LeaderboardRequest,
  LeaderboardQueries,
  type LevelUps,
  type RecordedChange,
  type RuleOptions,
  type Trends,
  type WriteOptions,
} from './agent-metrics/index.js';
export {
  type AccessPolicy,
  type ApiKey,
  ApiKeyError,
  ApiKeys,
  type CreatedKey,
  type DeliverKey,
  type JwtSettings,
  type KeyRequest,
  type ListedKey,
  type KeyState,
} from './auth/index.js';
export {
  Clock,
  DomainError,
  type ErrorCode,
  type FieldError,
  type Page,
  type PageRequest,
  type WithTimes,
} from './common/index.js';
export {
  type AdministeredTest,
  type AdministeredTests,
  type AgentCustody,
  type AgentTypeSource,
  type CustodyAgentRow,
  type CustodyAnalytics,
  type CustodyExtras,
  CustodyModule,
  type CustodyOptions,
  CustodyService,
  type DifficultyStanding,
  type Eligibilities,
  type Eligibility,
  type Gate,
  type NextDifficulty,
  type EvaluatorSettings,
  type ReadAgentType,
  type Recommendation,
  type RecommendationCode,
  type Requirement,
  RequiresCustody,
  type Schedule,
  type ScheduleDelays,
  type Severity,
  type Standing,
  TestAdministration,
  type TestCatalogue,
  type TestCategory,
  type TestedAgentRow,
  type TestRequest,
} from './custody/index.js';
export type { Timeouts } from './database/client/index.js';
export { MIGRATIONS } from './database/migrations/index.js';
export { type Session, TransactionRunner } from './database/transactions/index.js';
export { type Scope, SCOPES } from './http/access/index.js';
export { ProblemFilter } from './http/problems/index.js';
export type { HttpRequest } from './http/exchange/index.js';
export { LegacyCustodyModule } from './legacy-custody/index.js';
export { AgentEventRecord } from './ledger/index.js';
export {
  type AdversarialTestResult,
  type AgentSnapshot,
  type AgentState,
  CATEGORIES,
  type KnownCategory,
  type CustodyTestResult,
  DIFFICULTIES,
  type Difficulty,
  type EventPayloads,
  type EventResult,
  type EventType,
  type ImportData,
  type JsonObject,
  type LearningData,
  type MetricsUpdate,
  type Precondition,
  type RowUpdate,
  type SettableColumn,
  type SizeLimits,
  type Versions,
} from './progression/index.js';
export {
  AgentRollup,
  type AgentSums,
  type Bucket,
  BUCKETS,
  type Earned,
  type TestOutcomes,
  type TestPerformance,
  TestRollupByHour,
  TestRollupByKind,
  type Trend,
  type TrendRange,
  type TrendRequest,
} from './rollups/index.js';
