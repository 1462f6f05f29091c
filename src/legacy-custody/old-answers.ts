import { CUSTODY_METRICS, pick, type RecordedChange } from '../agent-metrics/index.js';
import type { DomainError, Page } from '../common/index.js';
import type { TestPerformance, Trend } from '../rollups/index.js';
import { custodyLevelForDifficulty, DIFFICULTIES, type EventPayloads, newest } from '../progression/index.js';
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
import type { OldAdministeredTestDataDto, OldBatchDataDto, OldFailedTestDto } from './dto/old-administered-test.dto.js';
import type * as agent from './dto/old-agent.dto.js';
import type * as analytics from './dto/old-analytics.dto.js';
import type { OldLeaderboardDataDto, OldLeaderboardEntryDto } from './dto/old-leaderboard.dto.js';
import type { OldLiveStatusDto } from './dto/old-live-analytics.dto.js';
import type { OldRecommendationsDataDto } from './dto/old-recommendations.dto.js';
import type { OldTestCategoriesDataDto } from './dto/old-test-categories.dto.js';
import {
  OLD_CURRENT_STATUS,
  OLD_FEATURES,
  OLD_LIVE_STATUS,
  OLD_OVERALL,
  OLD_RESET,
  OLD_TEST_STATUS,
} from './old-columns.js';
import { oldRequirements } from './old-requirements.js';

/** The `data` of the old backend's answers, made of what the service returns. */

/** @param testedAgents how many of all agents have taken a test */
export function oldAnalytics(
  { summary, trends, agents, next_cursor }: CustodyAnalytics,
  testedAgents: number,
): analytics.OldAnalyticsDataDto {
  return {
    overall_metrics: { ...pick(summary, OLD_OVERALL), active_ai_count: testedAgents },
    ai_specific_metrics: byAiType(agents, ({ metrics, standing }) => ({
      ...pick(metrics, [...CUSTODY_METRICS, 'learning_score']),
      ...gates(standing),
    })),
    test_performance: testPerformance(summary.test_performance, trends),
    recommendations: agents.flatMap(({ standing }) => standing.recommendations.map(sentence)),
    next_cursor,
  };
}

export function oldOverview(analytics: analytics.OldAnalyticsDataDto): Omit<analytics.OldOverviewDto, 'timestamp'> {
  return { status: 'success', message: 'The custody protocol is active', features: OLD_FEATURES, analytics };
}

export function oldLiveAnalytics(agents: readonly LearnedAgentRow[]): Record<string, OldLiveStatusDto> {
  return Object.fromEntries(agents.map((agent) => [agent.agent_type, liveStatus(agent)]));
}

function liveStatus(agent: LearnedAgentRow): OldLiveStatusDto {
  const { custody_xp, test_history } = agent;
  const passed = test_history.filter(wasPassed).length;
  return {
    ...pick(agent, OLD_LIVE_STATUS),
    xp: custody_xp,
    recent_results: newest(test_history, RECENT_TESTS),
    win_rate: test_history.length === 0 ? 0 : passed / test_history.length,
  };
}

/** A row that was edited by hand may hold anything. */
function wasPassed(entry: unknown): boolean {
  return (entry as { passed?: unknown } | null)?.passed === true;
}

function testPerformance(
  { by_difficulty, by_category }: TestPerformance,
  trends: readonly Trend[],
): analytics.OldTestPerformanceDto {
  return {
    difficulty_distribution: Object.fromEntries(
      Object.entries(by_difficulty).map(([difficulty, { tests }]) => [difficulty, tests]),
    ),
    category_performance: by_category,
    recent_trends: Object.fromEntries(
      trends
        .filter(({ tests }) => tests > 0)
        .map(({ starts_at, ...outcomes }) => [starts_at.toISOString().slice(0, 'YYYY-MM-DD'.length), outcomes]),
    ),
  };
}

function byAiType<T>(
  agents: CustodyAnalytics['agents'],
  of: (agent: CustodyAnalytics['agents'][number]) => T,
): Record<string, T> {
  return Object.fromEntries(agents.map((each) => [each.metrics.agent_type, of(each)]));
}

function gates({ may_level_up, may_propose }: Standing) {
  return { can_level_up: may_level_up, can_create_proposals: may_propose };
}

function sentence({ message }: Recommendation): string {
  return message;
}

export function oldRecommendations({ items, next_cursor }: Page<Recommendation>): OldRecommendationsDataDto {
  const recommendations = items.map(sentence);
  return {
    recommendations,
    total_recommendations: recommendations.length,
    priority_recommendations: recommendations.filter((each) => /needs|failure/i.test(each)),
    next_cursor,
  };
}

export function oldLeaderboard({ items, next_cursor }: Page<OldLeaderboardEntryDto>): OldLeaderboardDataDto {
  return { leaderboard: items, next_cursor };
}

export function oldTestCategories({ categories, time_limits, pass_mark }: TestCatalogue): OldTestCategoriesDataDto {
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

export function oldTestStatus({ metrics, standing }: AgentCustody<TestedAgentRow>): agent.OldTestStatusDataDto {
  return { ai_type: metrics.agent_type, ...gates(standing), ...pick(metrics, OLD_TEST_STATUS) };
}

export function oldEligibility({ metrics, standing, eligibility }: AgentCustody): agent.OldEligibilityDataDto {
  return {
    ai_type: metrics.agent_type,
    ...gates(standing),
    requirements: oldRequirements(eligibility),
    current_status: pick(metrics, OLD_CURRENT_STATUS),
  };
}

export function oldDifficulty(ai_type: string, difficulty: DifficultyStanding): agent.OldDifficultyDataDto {
  const { current_difficulty, custody_level, custody_xp, next } = difficulty;
  return {
    ai_type,
    current_difficulty,
    custody_level,
    custody_xp,
    requirements: difficultyRequirements(current_difficulty),
    next_difficulty: next?.difficulty ?? current_difficulty,
    custody_xp_needed: next?.custody_xp_needed ?? null,
  };
}

function difficultyRequirements(current: string): agent.OldDifficultyRequirementsDto {
  const index = DIFFICULTIES.findIndex((difficulty) => difficulty === current);
  const difficulty = DIFFICULTIES[index];
  if (difficulty === undefined) {
    const description = `The difficulty ${JSON.stringify(current)} is none of the known ones.`;
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

export function oldReset({ agent_type, metrics }: RecordedChange): agent.OldResetDataDto {
  return {
    status: 'success',
    ai_type: agent_type,
    message: 'Custody metrics reset successfully',
    ...pick(metrics, OLD_RESET),
  };
}

export function oldAdministeredTest(
  standing: Standing,
  { details, passed, score, duration, timestamp, xp_awarded, category, difficulty }: EventPayloads['custody_test'],
): OldAdministeredTestDataDto {
  return {
    status: 'success',
    message: `The test was ${passed ? 'passed' : 'failed'}, and its result recorded`,
    ai_type: standing.agent_type,
    test_category: category ?? '',
    test_difficulty: difficulty,
    test_result: { ...details, passed, score, duration, timestamp, xp_awarded, category, difficulty },
    ...gates(standing),
  };
}

export function oldFailedTest(ai_type: string, { code, message }: DomainError): OldFailedTestDto {
  return { status: 'error', message, ai_type, code };
}

export function oldBatch(results: readonly (OldAdministeredTestDataDto | OldFailedTestDto)[]): OldBatchDataDto {
  return {
    batch_results: Object.fromEntries(results.map((result) => [result.ai_type, result])),
    total_ais_tested: results.length,
    successful_tests: results.filter(({ status }) => status === 'success').length,
  };
}

/** The envelope of the old backend. */
export function answerOf<Data>(data: Data, timestamp: Date): { status: 'success'; data: Data; timestamp: Date } {
  return { status: 'success', data, timestamp };
}
