import { CUSTODY_METRICS, type RecordedChange } from '../agent-metrics/index.js';
import { pick } from '../common/index.js';
import type { DomainError, Page } from '../common/index.js';
import type { TestPerformance, Trend } from '../rollups/index.js';
import {
  custodyLevelForDifficulty,
  DIFFICULTIES,
  type EventPayloads,
  newest,
  toOutcome,
} from '../progression/index.js';
import {
  type AgentCustody,
  type CustodyAnalytics,
  type DifficultyStanding,
  type LearnedAgentRow,
  RECENT_TESTS,
  type Recommendation,
  type Standing,
  type TestCatalogue,
  type TestedAgentRow,
  TIME_LIMITS,
} from '../custody/index.js';
import type { OldAdministeredTestDataDto, OldBatchDataDto, OldFailedTestDto } from './dto/administered-test.dto.js';
import type * as agent from './dto/agent.dto.js';
import type * as analytics from './dto/analytics.dto.js';
import type { OldLiveStatusDto } from './dto/live-analytics.dto.js';
import type { OldRecommendationsDataDto } from './dto/recommendations.dto.js';
import type { OldTestCategoriesDataDto } from './dto/test-categories.dto.js';
import {
  CURRENT_STATUS_COLUMNS,
  FEATURES,
  LIVE_STATUS_COLUMNS,
  OVERALL_COLUMNS,
  RESET_COLUMNS,
  TEST_STATUS_COLUMNS,
  OUTCOME_FIELDS,
} from './columns.js';
import { describeRequirements } from './requirements.js';

/** @param testedAgents number of agents with at least one test */
export function toAnalyticsData(
  { summary, trends, agents, next_cursor }: CustodyAnalytics,
  testedAgents: number,
): analytics.OldAnalyticsDataDto {
  return {
    overall_metrics: { ...pick(summary, OVERALL_COLUMNS), active_ai_count: testedAgents },
    ai_specific_metrics: mapByAiType(agents, ({ metrics, standing }) => ({
      ...pick(metrics, [...CUSTODY_METRICS, 'learning_score']),
      ...toGates(standing),
    })),
    test_performance: toTestPerformance(summary.test_performance, trends),
    recommendations: agents.flatMap(({ standing }) => standing.recommendations.map(({ message }) => message)),
    next_cursor,
  };
}

export function toOverview(analytics: analytics.OldAnalyticsDataDto): Omit<analytics.OldOverviewDto, 'timestamp'> {
  return { status: 'success', message: 'The custody protocol is active', features: FEATURES, analytics };
}

export function toLiveAnalyticsData(agents: readonly LearnedAgentRow[]): Record<string, OldLiveStatusDto> {
  return Object.fromEntries(agents.map((agent) => [agent.agent_type, toLiveStatus(agent)]));
}

function toLiveStatus(agent: LearnedAgentRow): OldLiveStatusDto {
  const { custody_xp, test_history } = agent;
  const passed = test_history.filter(isPassed).length;
  return {
    ...pick(agent, LIVE_STATUS_COLUMNS),
    xp: custody_xp,
    recent_results: newest(test_history, RECENT_TESTS),
    win_rate: test_history.length === 0 ? 0 : passed / test_history.length,
  };
}

/** The entry is not validated: the row can have been edited manually. */
function isPassed(entry: unknown): boolean {
  return (entry as { passed?: unknown } | null)?.passed === true;
}

function toTestPerformance(
  { by_difficulty, by_category }: TestPerformance,
  trends: readonly Trend[],
): analytics.OldTestPerformanceDto {
  return {
    difficulty_distribution: Object.fromEntries(
      Object.entries(by_difficulty).map(([difficulty, { tests }]) => [difficulty, tests]),
    ),
    category_performance: Object.fromEntries(
      Object.entries(by_category)
        .filter(([, { tests }]) => tests > 0)
        .map(([category, outcomes]) => [category, pick(outcomes, OUTCOME_FIELDS)]),
    ),
    recent_trends: Object.fromEntries(
      trends
        .filter(({ tests }) => tests > 0)
        .map((trend) => [trend.starts_at.toISOString().slice(0, 'YYYY-MM-DD'.length), pick(trend, OUTCOME_FIELDS)]),
    ),
  };
}

function mapByAiType<T>(
  agents: CustodyAnalytics['agents'],
  convert: (agent: CustodyAnalytics['agents'][number]) => T,
): Record<string, T> {
  return Object.fromEntries(agents.map((agent) => [agent.metrics.agent_type, convert(agent)]));
}

function toGates({ may_level_up, may_propose }: Standing) {
  return { can_level_up: may_level_up, can_create_proposals: may_propose };
}

export function toRecommendationsData({ items, next_cursor }: Page<Recommendation>): OldRecommendationsDataDto {
  const recommendations = items.map(({ message }) => message);
  return {
    recommendations,
    total_recommendations: recommendations.length,
    priority_recommendations: recommendations.filter((message) => /needs|failure/i.test(message)),
    next_cursor,
  };
}

export function toTestCategoriesData({ categories, time_limits, pass_mark }: TestCatalogue): OldTestCategoriesDataDto {
  return {
    categories: Object.fromEntries(
      categories.map(({ category, description, focus_of, focus_of_others, difficulty_focus }) => [
        category,
        { description, ai_focus: [...focus_of, ...(focus_of_others ? ['all'] : [])], difficulty_focus },
      ]),
    ),
    total_categories: categories.length,
    time_limits,
    pass_mark,
  };
}

export function toTestStatusData({ metrics, standing }: AgentCustody<TestedAgentRow>): agent.OldTestStatusDataDto {
  return { ai_type: metrics.agent_type, ...toGates(standing), ...pick(metrics, TEST_STATUS_COLUMNS) };
}

export function toEligibilityData({ metrics, standing, eligibility }: AgentCustody): agent.OldEligibilityDataDto {
  return {
    ai_type: metrics.agent_type,
    ...toGates(standing),
    requirements: describeRequirements(eligibility),
    current_status: pick(metrics, CURRENT_STATUS_COLUMNS),
  };
}

export function toDifficultyData(ai_type: string, difficulty: DifficultyStanding): agent.OldDifficultyDataDto {
  const { current_difficulty, custody_level, custody_xp, next } = difficulty;
  return {
    ai_type,
    current_difficulty,
    custody_level,
    custody_xp,
    requirements: describeDifficulty(current_difficulty),
    next_difficulty: next?.difficulty ?? current_difficulty,
    custody_xp_needed: next?.custody_xp_needed ?? null,
  };
}

function describeDifficulty(current: string): agent.OldDifficultyRequirementsDto {
  const index = DIFFICULTIES.findIndex((difficulty) => difficulty === current);
  const difficulty = DIFFICULTIES[index];
  if (difficulty === undefined) {
    const description = `The difficulty ${JSON.stringify(current)} is unknown.`;
    return { level_range: 'unknown', description, time_limit: null };
  }
  const harder = DIFFICULTIES[index + 1];
  const from = custodyLevelForDifficulty(difficulty);
  const level_range = harder ? `${from}-${custodyLevelForDifficulty(harder) - 1}` : `${from}+`;
  const time_limit = TIME_LIMITS[difficulty];
  const name = difficulty.charAt(0).toUpperCase() + difficulty.slice(1);
  const description = `${name} tests, for custody levels ${level_range}, of up to ${time_limit} seconds each.`;
  return { level_range, description, time_limit };
}

export function toResetData({ agent_type, metrics }: RecordedChange): agent.OldResetDataDto {
  return {
    status: 'success',
    ai_type: agent_type,
    message: 'Custody metrics reset successfully',
    ...pick(metrics, RESET_COLUMNS),
  };
}

export function toAdministeredTestData(
  standing: Standing,
  { details, passed, score, duration, timestamp, xp_awarded, category, difficulty }: EventPayloads['custody_test'],
): OldAdministeredTestDataDto {
  return {
    status: 'success',
    message: `The test ${passed === null ? '' : 'was '}${toOutcome(passed)}, and its result recorded`,
    ai_type: standing.agent_type,
    test_category: category ?? '',
    test_difficulty: difficulty,
    test_result: { ...details, passed, score, duration, timestamp, xp_awarded, category, difficulty },
    ...toGates(standing),
  };
}

export function toFailedTest(ai_type: string, { code, message }: DomainError): OldFailedTestDto {
  return { status: 'error', message, ai_type, code };
}

export function toBatchData(results: readonly (OldAdministeredTestDataDto | OldFailedTestDto)[]): OldBatchDataDto {
  return {
    batch_results: Object.fromEntries(results.map((result) => [result.ai_type, result])),
    total_ais_tested: results.length,
    successful_tests: results.filter(({ status }) => status === 'success').length,
  };
}

/** Wraps data in the envelope of the old backend. */
export function toEnvelope<Data>(data: Data, timestamp: Date): { status: 'success'; data: Data; timestamp: Date } {
  return { status: 'success', data, timestamp };
}
