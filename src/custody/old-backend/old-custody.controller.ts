import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { PageQueryDto, pageRequestOf } from '../../agent-metrics/dto/page-query.dto.js';
import { ApiProblems } from '../../common/api-problems.decorator.js';
import { Clock } from '../../common/clock.js';
import { CustodyService } from '../custody.service.js';
import { OldAnalyticsDto, OldOverviewDto } from './dto/old-analytics.dto.js';
import { OldLeaderboardDto } from './dto/old-leaderboard.dto.js';
import { OldLiveAnalyticsDto } from './dto/old-live-analytics.dto.js';
import { OldRecommendationsDto } from './dto/old-recommendations.dto.js';
import { OldTestCategoriesDto } from './dto/old-test-categories.dto.js';
import * as old from './old-answers.js';
import { DEPRECATION_HEADERS as headers, SupersededBy } from './superseded-by.decorator.js';

/** The old backend's views of all agents, in its envelope. */
@ApiTags('Custody, old backend')
@Controller('api/custody')
export class OldCustodyController {
  constructor(
    private readonly custody: CustodyService,
    private readonly clock: Clock,
  ) {}

  /**
   * Overview of custody (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents`. The analytics, with a message.
   * @deprecated
   */
  @Get()
  @SupersededBy('/api/custody/agents')
  @ApiOkResponse({ type: OldOverviewDto, description: 'The overview.', headers })
  @ApiProblems('validation_failed')
  async oldOverview(@Query() query: PageQueryDto): Promise<OldOverviewDto> {
    const analytics = await this.custody.getAnalytics(pageRequestOf(query));
    const now = this.clock.now();
    return answer({ message: 'Custody protocol is active', analytics: old.oldAnalytics(analytics) }, now);
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
  async oldAnalytics(@Query() query: PageQueryDto): Promise<OldAnalyticsDto> {
    const analytics = await this.custody.getAnalytics(pageRequestOf(query));
    const now = this.clock.now();
    return answer(old.oldAnalytics(analytics), now);
  }

  /**
   * What each agent does now (old backend)
   *
   * @remarks Superseded by `GET /api/custody/agents`.
   * @deprecated
   */
  @Get('live-analytics')
  @SupersededBy('/api/custody/agents')
  @ApiOkResponse({ type: OldLiveAnalyticsDto, description: 'The state of each agent.', headers })
  @ApiProblems('validation_failed')
  async oldLiveAnalytics(@Query() query: PageQueryDto): Promise<OldLiveAnalyticsDto> {
    const analytics = await this.custody.getAnalytics(pageRequestOf(query));
    return answer(old.oldLiveAnalytics(analytics), this.clock.now());
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
  async oldRecommendations(@Query() query: PageQueryDto): Promise<OldRecommendationsDto> {
    const recommendations = await this.custody.getAllRecommendations(pageRequestOf(query));
    return answer(old.oldRecommendations(recommendations), this.clock.now());
  }

  /**
   * Ranking of all agents (old backend)
   *
   * @remarks Superseded by `GET /api/agent-metrics/leaderboard`.
   * @deprecated
   */
  @Get('leaderboard')
  @SupersededBy('/api/agent-metrics/leaderboard')
  @ApiOkResponse({ type: OldLeaderboardDto, description: 'A page of the ranking.', headers })
  @ApiProblems('validation_failed')
  async oldLeaderboard(@Query() query: PageQueryDto): Promise<OldLeaderboardDto> {
    const page = await this.custody.getLeaderboard(pageRequestOf(query));
    return answer(old.oldLeaderboard(page), this.clock.now());
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
    return answer(old.oldTestCategories(this.custody.getTestCatalogue()), this.clock.now());
  }
}

function answer<Data>(data: Data, timestamp: Date): { status: 'success'; data: Data; timestamp: Date } {
  return { status: 'success', data, timestamp };
}
