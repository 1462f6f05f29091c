import { Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CallerAgents, ConcernsAgents } from '../../http/access/index.js';
import { ApiController } from '../../http/controllers/index.js';
import { AgentTypeParam, ApiAgentType } from '../../http/parameters/index.js';
import { ApiProblems } from '../../http/problems/index.js';
import { type AgentAccess, Clock } from '../../common/index.js';
import { AnalyticsService } from '../read/analytics.service.js';
import { AnalyticsDto } from './dto/responses.dto.js';
import { CompareQueryDto, toComparisonRequest } from '../requests/compare-query.dto.js';
import { TestFilterDto, toTestFilter } from '../requests/test-filter.dto.js';
import { TrendsQueryDto, toTrendRequest } from '../requests/trends-query.dto.js';
import { ComparisonDto } from './dto/comparison.dto.js';
import { AgentAnalyticsDto, AgentTrendsDto, TrendsDto } from './dto/trends.dto.js';
import { RequestPipe } from '../../http/validation/index.js';

/** Analytics and trends. */
@ApiController('agent-metrics', 'Analytics')
export class AnalyticsController {
  constructor(
    private readonly service: AnalyticsService,
    private readonly clock: Clock,
  ) {}

  /**
   * Get analytics of all agents
   *
   * @remarks Returns sums, averages and ratios of the current metrics of all agents, and the results of all recorded
   * tests, by category and by difficulty. The parameters select the tests; the sums over agents do not depend on them. For a
   * key that is limited to some agents, of these.
   */
  @Get('analytics/summary')
  @ConcernsAgents('visible')
  @ApiOkResponse({ type: AnalyticsDto, description: 'The analytics.' })
  @ApiProblems('validation_failed')
  async analytics(
    @Query(RequestPipe) query: TestFilterDto,
    @CallerAgents() access: AgentAccess,
  ): Promise<AnalyticsDto> {
    const analytics = await this.service.getSummary(toTestFilter(query), access);
    return { status: 'success', analytics, timestamp: this.clock.now() };
  }

  /**
   * Get trends of all agents
   *
   * @remarks Returns test results per hour or day. Default range: the last 48 hours or 30 days, including the current
   * one. A test belongs to the hour or day in which it ended. For a key that is limited to some agents, of these.
   */
  @Get('trends')
  @ConcernsAgents('visible')
  @ApiOkResponse({ type: TrendsDto, description: 'The trends.' })
  @ApiProblems('validation_failed')
  async trends(@Query(RequestPipe) query: TrendsQueryDto, @CallerAgents() access: AgentAccess): Promise<TrendsDto> {
    const trends = await this.service.getTrends(toTrendRequest(query), undefined, access);
    return { status: 'success', ...trends, timestamp: this.clock.now() };
  }

  /**
   * Get analytics of an agent
   *
   * @remarks Returns the results of all recorded tests of the agent, including those before a reset. The parameters select
   * tests by their evidence, category and time.
   */
  @Get(':agent_type/analytics')
  @ApiAgentType()
  @ApiOkResponse({ type: AgentAnalyticsDto, description: "The agent's analytics." })
  @ApiProblems('validation_failed', 'agent_not_found')
  async agentAnalytics(
    @AgentTypeParam() agentType: string,
    @Query(RequestPipe) query: TestFilterDto,
  ): Promise<AgentAnalyticsDto> {
    const test_performance = await this.service.getTestPerformance(agentType, toTestFilter(query));
    return { status: 'success', agent_type: agentType, test_performance, timestamp: this.clock.now() };
  }

  /**
   * Compare test results of an agent
   *
   * @remarks Groups the agent's tests that have evidence by agent version, model, run or environment, most recent first.
   * Each group has its pass rate with a 95 % interval, and the difference from the baseline with a 95 % interval: by default,
   * the baseline is the most recent other group with judged tests.
   */
  @Get(':agent_type/compare')
  @ApiAgentType()
  @ApiOkResponse({ type: ComparisonDto, description: 'The comparison.' })
  @ApiProblems('validation_failed', 'agent_not_found')
  async compare(
    @AgentTypeParam() agentType: string,
    @Query(RequestPipe) query: CompareQueryDto,
  ): Promise<ComparisonDto> {
    const comparison = await this.service.compare(agentType, toComparisonRequest(query));
    return { status: 'success', agent_type: agentType, by: query.by, ...comparison, timestamp: this.clock.now() };
  }

  /**
   * Get trends of an agent
   *
   * @remarks Returns the agent's test results per hour or day. Default range: the last 48 hours or 30 days, including
   * the current one. A test belongs to the hour or day in which it ended.
   */
  @Get(':agent_type/trends')
  @ApiAgentType()
  @ApiOkResponse({ type: AgentTrendsDto, description: "The agent's trends." })
  @ApiProblems('validation_failed', 'agent_not_found')
  async agentTrends(
    @AgentTypeParam() agentType: string,
    @Query(RequestPipe) query: TrendsQueryDto,
  ): Promise<AgentTrendsDto> {
    const trends = await this.service.getTrends(toTrendRequest(query), agentType);
    return { status: 'success', agent_type: agentType, ...trends, timestamp: this.clock.now() };
  }
}
