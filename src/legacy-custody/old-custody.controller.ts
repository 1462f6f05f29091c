import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { toPageRequest } from '../http/parameters/index.js';
import { ApiProblems } from '../http/problems/index.js';
import { Clock } from '../common/index.js';
import { CustodyAgentQueries, CustodyService } from '../custody/index.js';
import { type OldAnalyticsDataDto, OldAnalyticsDto, OldOverviewDto } from './dto/old-analytics.dto.js';
import { OldLeaderboardDto } from './dto/old-leaderboard.dto.js';
import { OldLiveAnalyticsDto } from './dto/old-live-analytics.dto.js';
import { OldPageQueryDto } from './dto/old-answer.dto.js';
import { OldRecentTestsDto, OldRecentTestsQueryDto, recentTestsLimitOf } from './dto/old-recent-tests.dto.js';
import { OldRecommendationsDto } from './dto/old-recommendations.dto.js';
import { OldTestCategoriesDto } from './dto/old-test-categories.dto.js';
import * as old from './old-answers.js';
import { OldCustodyQueries } from './old-custody.queries.js';
import { DEPRECATION_HEADERS as headers, SupersededBy } from './superseded-by.decorator.js';

/** The old backend's views of all agents, in its envelope. */
@ApiTags('Custody, old backend')
@Controller('api/custody')
export class OldCustodyController {
  constructor(
    private readonly custody: CustodyService,
    private readonly agents: CustodyAgentQueries,
    private readonly queries: OldCustodyQueries,
    private readonly clock: Clock,
  ) {}

  /**
   * Overview of custody (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents`. The analytics, with a message and the features.
   * @deprecated
   */
  @Get()
  @SupersededBy('/api/custody/agents')
  @ApiOkResponse({ type: OldOverviewDto, description: 'The overview.', headers })
  @ApiProblems('validation_failed')
  async oldOverview(@Query() query: OldPageQueryDto): Promise<OldOverviewDto> {
    const analytics = await this.analytics(query);
    return { ...old.oldOverview(analytics), timestamp: this.clock.now() };
  }

  /**
   * Analytics of custody (old backend)
   *
   * @remarks Superseded by `GET /api/agent-metrics/analytics/summary`, and by `GET /api/custody/agents` for what it says of
   * each agent. `overall_metrics` are of all agents, `ai_specific_metrics` and `recommendations` of those on the page, and
   * `test_performance` is of all tests that were ever recorded.
   * @deprecated
   */
  @Get('analytics')
  @SupersededBy('/api/agent-metrics/analytics/summary')
  @ApiOkResponse({ type: OldAnalyticsDto, description: 'The analytics.', headers })
  @ApiProblems('validation_failed')
  async oldAnalytics(@Query() query: OldPageQueryDto): Promise<OldAnalyticsDto> {
    return old.answerOf(await this.analytics(query), this.clock.now());
  }

  /**
   * Level, XP and tests of each agent (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents`.
   * @deprecated
   */
  @Get('live-analytics')
  @SupersededBy('/api/custody/agents')
  @ApiOkResponse({ type: OldLiveAnalyticsDto, description: 'The state of each agent.', headers })
  @ApiProblems('validation_failed')
  async oldLiveAnalytics(@Query() query: OldPageQueryDto): Promise<OldLiveAnalyticsDto> {
    const { items, next_cursor } = await this.agents.listLearned(toPageRequest(query));
    return { ...old.answerOf(old.oldLiveAnalytics(items), this.clock.now()), next_cursor };
  }

  /**
   * What should be done about all agents (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents`, which has the recommendations with each agent.
   * @deprecated
   */
  @Get('recommendations')
  @SupersededBy('/api/custody/agents')
  @ApiOkResponse({ type: OldRecommendationsDto, description: 'The recommendations.', headers })
  @ApiProblems('validation_failed')
  async oldRecommendations(@Query() query: OldPageQueryDto): Promise<OldRecommendationsDto> {
    const recommendations = await this.custody.getAllRecommendations(toPageRequest(query));
    return old.answerOf(old.oldRecommendations(recommendations), this.clock.now());
  }

  /**
   * Ranking of all agents (old backend)
   *
   * @remarks Superseded by `GET /api/agent-metrics/leaderboard`. Ordered by level, then custody XP, both descending.
   * @deprecated
   */
  @Get('leaderboard')
  @SupersededBy('/api/agent-metrics/leaderboard')
  @ApiOkResponse({ type: OldLeaderboardDto, description: 'A page of the ranking.', headers })
  @ApiProblems('validation_failed')
  async oldLeaderboard(@Query() query: OldPageQueryDto): Promise<OldLeaderboardDto> {
    const page = await this.queries.leaderboard(toPageRequest(query));
    return old.answerOf(old.oldLeaderboard(page), this.clock.now());
  }

  /**
   * Test categories (old backend)
   *
   * @remarks Superseded by `GET /api/custody/categories`.
   * @deprecated
   */
  @Get('test-categories')
  @SupersededBy('/api/custody/categories')
  @ApiOkResponse({ type: OldTestCategoriesDto, description: 'The categories.', headers })
  @ApiProblems()
  oldTestCategories(): OldTestCategoriesDto {
    return old.answerOf(old.oldTestCategories(this.custody.getTestCatalogue()), this.clock.now());
  }

  /**
   * The newest tests of all agents (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents`; the history of one agent is at
   * `GET /api/agent-metrics/{agent_type}/custody`. By the time at which the tests ended, newest first: those that were
   * recorded here, also before a reset, but not those that came with an imported agent.
   * @deprecated
   */
  @Get('recent-tests')
  @SupersededBy('/api/custody/agents')
  @ApiOkResponse({ type: OldRecentTestsDto, description: 'The tests.', headers })
  @ApiProblems('validation_failed')
  async oldRecentTests(@Query() query: OldRecentTestsQueryDto): Promise<OldRecentTestsDto> {
    return old.answerOf(await this.queries.recentTests(recentTestsLimitOf(query)), this.clock.now());
  }

  /**
   * The newest adversarial tests of all agents (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents`. As `/recent-tests`, but adversarial ones only.
   * @deprecated
   */
  @Get('recent-adversarial-tests')
  @SupersededBy('/api/custody/agents')
  @ApiOkResponse({ type: OldRecentTestsDto, description: 'The tests.', headers })
  @ApiProblems('validation_failed')
  async oldRecentAdversarialTests(@Query() query: OldRecentTestsQueryDto): Promise<OldRecentTestsDto> {
    return old.answerOf(await this.queries.recentAdversarialTests(recentTestsLimitOf(query)), this.clock.now());
  }

  private async analytics(query: OldPageQueryDto): Promise<OldAnalyticsDataDto> {
    const [analytics, testedAgents] = await Promise.all([
      this.custody.getAnalytics(toPageRequest(query)),
      this.queries.testedAgents(),
    ]);
    return old.oldAnalytics(analytics, testedAgents);
  }
}
