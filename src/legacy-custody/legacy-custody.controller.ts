import { Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CallerAgents, ConcernsAgents } from '../http/access/index.js';
import { ApiController } from '../http/controllers/index.js';
import { toPageRequest } from '../http/parameters/index.js';
import { ApiProblems } from '../http/problems/index.js';
import { type AgentAccess, Clock } from '../common/index.js';
import { CustodyAgentQueries, CustodyService } from '../custody/index.js';
import { type OldAnalyticsDataDto, OldAnalyticsDto, OldOverviewDto } from './dto/analytics.dto.js';
import { OldLeaderboardDto } from './dto/leaderboard.dto.js';
import { OldLiveAnalyticsDto } from './dto/live-analytics.dto.js';
import { OldPageQueryDto } from './dto/envelope.dto.js';
import { OldRecentTestsDto, OldRecentTestsQueryDto, toLimit } from './dto/recent-tests.dto.js';
import { OldRecommendationsDto } from './dto/recommendations.dto.js';
import { OldTestCategoriesDto } from './dto/test-categories.dto.js';
import * as responses from './responses.js';
import { LegacyCustodyQueries } from './legacy-custody.queries.js';
import { DEPRECATION_HEADERS as headers, SupersededBy } from './superseded-by.decorator.js';
import { RequestPipe } from '../http/validation/index.js';

/** The old backend's routes about all agents. */
@ApiController('custody', 'Custody, old backend')
export class LegacyCustodyController {
  constructor(
    private readonly custody: CustodyService,
    private readonly agents: CustodyAgentQueries,
    private readonly queries: LegacyCustodyQueries,
    private readonly clock: Clock,
  ) {}

  /**
   * Overview of custody (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents`. Returns the analytics with a message and the features.
   * @deprecated
   */
  @Get()
  @ConcernsAgents('visible')
  @SupersededBy('/custody/agents')
  @ApiOkResponse({ type: OldOverviewDto, description: 'The overview.', headers })
  @ApiProblems('validation_failed')
  async oldOverview(
    @Query(RequestPipe) query: OldPageQueryDto,
    @CallerAgents() access: AgentAccess,
  ): Promise<OldOverviewDto> {
    const analytics = await this.getAnalytics(query, access);
    return { ...responses.toOverview(analytics), timestamp: this.clock.now() };
  }

  /**
   * Analytics of custody (old backend)
   *
   * @remarks Superseded by `GET /api/agent-metrics/analytics/summary`, and for single agents by `GET /api/custody/agents`.
   * `overall_metrics` covers all agents, `ai_specific_metrics` and `recommendations` the agents of the page, and
   * `test_performance` all recorded tests.
   * @deprecated
   */
  @Get('analytics')
  @ConcernsAgents('visible')
  @SupersededBy('/agent-metrics/analytics/summary')
  @ApiOkResponse({ type: OldAnalyticsDto, description: 'The analytics.', headers })
  @ApiProblems('validation_failed')
  async oldAnalytics(
    @Query(RequestPipe) query: OldPageQueryDto,
    @CallerAgents() access: AgentAccess,
  ): Promise<OldAnalyticsDto> {
    return responses.toEnvelope(await this.getAnalytics(query, access), this.clock.now());
  }

  /**
   * Level, XP and tests of each agent (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents`.
   * @deprecated
   */
  @Get('live-analytics')
  @ConcernsAgents('visible')
  @SupersededBy('/custody/agents')
  @ApiOkResponse({ type: OldLiveAnalyticsDto, description: 'The metrics of each agent.', headers })
  @ApiProblems('validation_failed')
  async oldLiveAnalytics(
    @Query(RequestPipe) query: OldPageQueryDto,
    @CallerAgents() access: AgentAccess,
  ): Promise<OldLiveAnalyticsDto> {
    const { items, next_cursor } = await this.agents.listLearned(toPageRequest(query), access);
    return { ...responses.toEnvelope(responses.toLiveAnalyticsData(items), this.clock.now()), next_cursor };
  }

  /**
   * Recommendations for all agents (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents`, which includes the recommendations for each agent.
   * @deprecated
   */
  @Get('recommendations')
  @ConcernsAgents('visible')
  @SupersededBy('/custody/agents')
  @ApiOkResponse({ type: OldRecommendationsDto, description: 'The recommendations.', headers })
  @ApiProblems('validation_failed')
  async oldRecommendations(
    @Query(RequestPipe) query: OldPageQueryDto,
    @CallerAgents() access: AgentAccess,
  ): Promise<OldRecommendationsDto> {
    const recommendations = await this.custody.getAllRecommendations(toPageRequest(query), access);
    return responses.toEnvelope(responses.toRecommendationsData(recommendations), this.clock.now());
  }

  /**
   * Ranking of all agents (old backend)
   *
   * @remarks Superseded by `GET /api/agent-metrics/leaderboard`. Ordered by level, then custody XP, both descending.
   * Inactive agents are not ranked.
   * @deprecated
   */
  @Get('leaderboard')
  @ConcernsAgents('visible')
  @SupersededBy('/agent-metrics/leaderboard')
  @ApiOkResponse({ type: OldLeaderboardDto, description: 'A page of the ranking.', headers })
  @ApiProblems('validation_failed')
  async oldLeaderboard(
    @Query(RequestPipe) query: OldPageQueryDto,
    @CallerAgents() access: AgentAccess,
  ): Promise<OldLeaderboardDto> {
    const { items, next_cursor } = await this.queries.getLeaderboard(toPageRequest(query), access);
    return responses.toEnvelope({ leaderboard: items, next_cursor }, this.clock.now());
  }

  /**
   * Test categories (old backend)
   *
   * @remarks Superseded by `GET /api/custody/categories`.
   * @deprecated
   */
  @Get('test-categories')
  @ConcernsAgents('none')
  @SupersededBy('/custody/categories')
  @ApiOkResponse({ type: OldTestCategoriesDto, description: 'The categories.', headers })
  @ApiProblems()
  oldTestCategories(): OldTestCategoriesDto {
    return responses.toEnvelope(responses.toTestCategoriesData(this.custody.getTestCatalogue()), this.clock.now());
  }

  /**
   * Newest tests of all agents (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents`; the history of one agent is at
   * `GET /api/agent-metrics/{agent_type}/custody`. Ordered by the end of the tests, newest first. Includes tests before a
   * reset, but not those of imported agents.
   * @deprecated
   */
  @Get('recent-tests')
  @ConcernsAgents('visible')
  @SupersededBy('/custody/agents')
  @ApiOkResponse({ type: OldRecentTestsDto, description: 'The tests.', headers })
  @ApiProblems('validation_failed')
  async oldRecentTests(
    @Query(RequestPipe) query: OldRecentTestsQueryDto,
    @CallerAgents() access: AgentAccess,
  ): Promise<OldRecentTestsDto> {
    return responses.toEnvelope(await this.queries.listRecentTests(toLimit(query), access), this.clock.now());
  }

  /**
   * Newest adversarial tests of all agents (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents`. Like `/recent-tests`, for adversarial tests only.
   * @deprecated
   */
  @Get('recent-adversarial-tests')
  @ConcernsAgents('visible')
  @SupersededBy('/custody/agents')
  @ApiOkResponse({ type: OldRecentTestsDto, description: 'The tests.', headers })
  @ApiProblems('validation_failed')
  async oldRecentAdversarialTests(
    @Query(RequestPipe) query: OldRecentTestsQueryDto,
    @CallerAgents() access: AgentAccess,
  ): Promise<OldRecentTestsDto> {
    return responses.toEnvelope(
      await this.queries.listRecentAdversarialTests(toLimit(query), access),
      this.clock.now(),
    );
  }

  private async getAnalytics(query: OldPageQueryDto, access: AgentAccess): Promise<OldAnalyticsDataDto> {
    const [analytics, testedAgents] = await Promise.all([
      this.custody.getAnalytics(toPageRequest(query), access),
      this.queries.countTestedAgents(access),
    ]);
    return responses.toAnalyticsData(analytics, testedAgents);
  }
}
