import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../common/api-problems.decorator.js';
import { AgentMetricsQueries } from './agent-metrics.queries.js';
import { AnalyticsQueries } from './analytics.queries.js';
import { AnalyticsDto, LeaderboardDto, OverviewDto } from './dto/answers.dto.js';
import { PageQueryDto, pageRequestOf } from './dto/page-query.dto.js';
import { LeaderboardQueries } from './leaderboard.queries.js';

/** Views of all agents. Its paths come before those that have an agent type. */
@ApiTags('All agents')
@Controller('api/agent-metrics')
export class AllAgentsController {
  constructor(
    private readonly agents: AgentMetricsQueries,
    private readonly analyticsQueries: AnalyticsQueries,
    private readonly leaderboardQueries: LeaderboardQueries,
  ) {}

  /**
   * Overview of all agents
   *
   * @remarks Agent types in the order of their creation, page by page, and sums over all agents.
   */
  @Get()
  @ApiOkResponse({ type: OverviewDto, description: 'The overview.' })
  @ApiProblems('validation_failed')
  async overview(@Query() query: PageQueryDto): Promise<OverviewDto> {
    const [{ items, next_cursor }, { total_agents, summary }] = await Promise.all([
      this.agents.listTypes(pageRequestOf(query)),
      this.agents.summary(),
    ]);
    return { status: 'success', total_agents, agents: items, summary, ...(next_cursor !== null && { next_cursor }) };
  }

  /**
   * Analytics over all agents
   *
   * @remarks Sums, averages and ratios over all agents, as they are now.
   */
  @Get('analytics/summary')
  @ApiOkResponse({ type: AnalyticsDto, description: 'The analytics.' })
  @ApiProblems()
  async analytics(): Promise<AnalyticsDto> {
    return { status: 'success', analytics: await this.analyticsQueries.summary(), timestamp: new Date() };
  }

  /**
   * Ranking of all agents
   *
   * @remarks By learning score, then custody XP, then win rate, all descending, then by agent type.
   */
  @Get('leaderboard')
  @ApiOkResponse({ type: LeaderboardDto, description: 'A page of the ranking.' })
  @ApiProblems('validation_failed')
  async leaderboard(@Query() query: PageQueryDto): Promise<LeaderboardDto> {
    const { items, next_cursor } = await this.leaderboardQueries.page(pageRequestOf(query));
    return { status: 'success', leaderboard: items, next_cursor, timestamp: new Date() };
  }
}
