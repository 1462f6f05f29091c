export { ApiTimeLimits } from './api/dto/test-catalogue.dto.js';
export {
  type CustodyAgentRow,
  CustodyAgentQueries,
  type LapsingAgent,
  type LapsingRequest,
  type LearnedAgentRow,
  type TestedAgentRow,
} from './custody-agents.queries.js';
export type { AgentCustody, CustodyAnalytics, Eligibilities, SeenCategory, TestCatalogue } from './custody-views.js';
export { type CustodyExtras, CustodyModule } from './custody.module.js';
export type { CustodyOptions } from './options.js';
export { CustodyService } from './custody.service.js';
export {
  type AdministeredTest,
  type AdministeredTests,
  TestAdministration,
} from './evaluation/test-administration.service.js';
export type { TestRequest } from './evaluation/test-assignment.js';
export type { DifficultyStanding, NextDifficulty } from './rules/difficulty.js';
export type { Eligibility, Gate } from './rules/eligibility.js';
export { RECENT_TESTS } from './rules/recent-tests.js';
export type { Recommendation, RecommendationCode, Severity } from './rules/recommendations.js';
export type { Requirement } from './rules/requirement.js';
export type { Schedule, ScheduleDelays } from './rules/schedule.js';
export type { Standing } from './rules/standing.js';
export { type TestCategory, TIME_LIMITS } from './rules/test-categories.js';
export { type AgentTypeSource, CustodyGuard, type ReadAgentType } from './custody.guard.js';
export { RequiresCustody } from './requires-custody.decorator.js';
export type { EvaluatorSettings } from './settings.js';
