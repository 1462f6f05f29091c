import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../http/problems/index.js';
import { AgentMetricsQueries } from '../read/agent-metrics.queries.js';
import { AnalyticsService } from '../read/analytics.service.js';
import { OVERVIEW_SUMMARY, pick } from './answer-columns.js';
import { LeaderboardDto, OverviewDto } from './dto/answers.dto.js';
import { LeaderboardQueryDto, toLeaderboardRequest } from './dto/leaderboard-query.dto.js';
import { PageQueryDto, toPageRequest } from '../../http/parameters/index.js';
import { LeaderboardQueries } from '../read/leaderboard.queries.js';

/** Views of all agents. Its paths come before those that have an agent type. */
@ApiTags('All agents')
@Controller('api/agent-metrics')
export class AllAgentsController {
  constructor(
    private readonly agents: AgentMetricsQueries,
    private readonly analytics: AnalyticsService,
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
    const [{ items, next_cursor }, sums] = await Promise.all([
      this.agents.listTypes(toPageRequest(query)),
      this.analytics.getSums(),
    ]);
    return {
      status: 'success',
      total_agents: sums.total_agents,
      agents: items,
      summary: pick(sums, OVERVIEW_SUMMARY),
      ...(next_cursor !== null && { next_cursor }),
    };
  }

  /**
   * Ranking of all agents
   *
   * @remarks By learning score, then custody XP, then win rate, all descending, then by agent type: page by page from the
   * top, or around one agent. Ranks are those of the moment at which the page is read.
   */
  @Get('leaderboard')
  @ApiOkResponse({ type: LeaderboardDto, description: 'A page of the ranking.' })
  @ApiProblems('validation_failed', 'agent_not_found')
  async leaderboard(@Query() query: LeaderboardQueryDto): Promise<LeaderboardDto> {
    const { items, next_cursor } = await this.leaderboardQueries.page(toLeaderboardRequest(query));
    return { status: 'success', leaderboard: items, next_cursor, timestamp: new Date() };
  }
}
