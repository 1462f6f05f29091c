import { CUSTODY_METRICS, pick } from '../../agent-metrics/answer-columns.js';
import type { AnalyticsSummary } from '../../agent-metrics/analytics.service.js';
import type { LeaderboardEntryDto } from '../../agent-metrics/dto/leaderboard-entry.dto.js';
import type { RecordedChange } from '../../agent-metrics/agent-command.js';
import type { Page } from '../../common/page.js';
import type { TestPerformance, Trend } from '../../rollups/test-outcomes.js';
import { custodyLevelForDifficulty, DIFFICULTIES } from '../../progression/levels.js';
import type { AgentCustody, CustodyAnalytics, TestCatalogue } from '../custody-views.js';
import type { DifficultyStanding } from '../rules/difficulty.js';
import type { Recommendation } from '../rules/recommendations.js';
import type { Standing } from '../rules/standing.js';
import { TIME_LIMITS } from '../rules/test-categories.js';
import type * as agent from './dto/old-agent.dto.js';
import type * as analytics from './dto/old-analytics.dto.js';
import type { OldLeaderboardDataDto } from './dto/old-leaderboard.dto.js';
import type { OldLiveAnalyticsDataDto } from './dto/old-live-analytics.dto.js';
import type { OldRecommendationDto, OldRecommendationsDataDto } from './dto/old-recommendations.dto.js';
import type { OldTestCategoriesDataDto } from './dto/old-test-categories.dto.js';
import { OLD_CURRENT_STATUS, OLD_LIVE_STATUS, OLD_OVERALL, OLD_RESET, OLD_TEST_STATUS } from './old-columns.js';

/** The `data` of the old backend's answers, made of what the service returns. */

export function oldAnalytics({
  summary,
  trends,
  agents,
  next_cursor,
}: CustodyAnalytics): analytics.OldAnalyticsDataDto {
  return {
    overall_metrics: overallMetrics(summary),
    ai_specific_metrics: byAiType(agents, ({ metrics, standing }) => ({
      ...pick(metrics, [...CUSTODY_METRICS, 'learning_score']),
      ...gates(standing),
    })),
    test_performance: testPerformance(summary.test_performance, trends),
    recommendations: agents.flatMap(({ standing }) => standing.recommendations.map(recommendation)),
    next_cursor,
  };
}

export function oldLiveAnalytics({ summary, agents, next_cursor }: CustodyAnalytics): OldLiveAnalyticsDataDto {
  const ai_status = byAiType(agents, ({ standing }) => ({ ...gates(standing), ...pick(standing, OLD_LIVE_STATUS) }));
  return { overall_metrics: overallMetrics(summary), ai_status, next_cursor };
}

function overallMetrics(summary: AnalyticsSummary): analytics.OldOverallMetricsDto {
  return { ...pick(summary, OLD_OVERALL), active_ai_count: summary.active_agents };
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
    recent_trends: trends
      .filter(({ tests }) => tests > 0)
      .map(({ starts_at, ...outcomes }) => ({
        day: starts_at.toISOString().slice(0, 'YYYY-MM-DD'.length),
        ...outcomes,
      })),
  };
}

function byAiType<T>(agents: readonly AgentCustody[], of: (agent: AgentCustody) => T): Record<string, T> {
  return Object.fromEntries(agents.map((each) => [each.metrics.agent_type, of(each)]));
}

function gates({ may_level_up, may_propose }: Standing) {
  return { can_level_up: may_level_up, can_create_proposals: may_propose };
}

function recommendation({ agent_type, ...rest }: Recommendation): OldRecommendationDto {
  return { ai_type: agent_type, ...rest };
}

export function oldRecommendations({ items, next_cursor }: Page<Recommendation>): OldRecommendationsDataDto {
  const recommendations = items.map(recommendation);
  return {
    recommendations,
    total_recommendations: recommendations.length,
    priority_recommendations: recommendations.filter(({ severity }) => severity !== 'info'),
    next_cursor,
  };
}

export function oldLeaderboard({ items, next_cursor }: Page<LeaderboardEntryDto>): OldLeaderboardDataDto {
  return {
    leaderboard: items.map(({ rank, agent_type, ...entry }) => ({ rank, ai_type: agent_type, ...entry })),
    next_cursor,
  };
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

export function oldTestStatus({ metrics, standing }: AgentCustody): agent.OldTestStatusDataDto {
  return { ai_type: metrics.agent_type, ...gates(standing), ...pick(metrics, OLD_TEST_STATUS) };
}

export function oldEligibility({ metrics, standing, eligibility }: AgentCustody): agent.OldEligibilityDataDto {
  const { level_up, propose } = eligibility;
  return {
    ai_type: metrics.agent_type,
    ...gates(standing),
    requirements: { level_up: level_up.requirements, proposals: propose.requirements },
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

function difficultyRequirements(current: string): agent.OldDifficultyRequirementsDto | null {
  const index = DIFFICULTIES.findIndex((difficulty) => difficulty === current);
  const difficulty = DIFFICULTIES[index];
  if (difficulty === undefined) return null;
  const harder = DIFFICULTIES[index + 1];
  const from = custodyLevelForDifficulty(difficulty);
  const level_range = harder ? `${from}-${custodyLevelForDifficulty(harder) - 1}` : `${from}+`;
  return { level_range, time_limit: TIME_LIMITS[difficulty] };
}

export function oldReset({ agent_type, metrics }: RecordedChange): agent.OldResetDataDto {
  return {
    ai_type: agent_type,
    message: 'Custody metrics reset successfully',
    ...pick(metrics, OLD_RESET),
  };
}
