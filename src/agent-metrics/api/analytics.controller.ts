import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { AgentTypeParam, ApiAgentType } from '../../http/parameters/index.js';
import { ApiProblems } from '../../http/problems/index.js';
import { Clock } from '../../common/index.js';
import { AnalyticsService } from '../read/analytics.service.js';
import { AnalyticsDto } from './dto/answers.dto.js';
import { TrendsQueryDto, toTrendRequest } from './dto/trends-query.dto.js';
import { AgentAnalyticsDto, AgentTrendsDto, TrendsDto } from './dto/trends.dto.js';

/** How agents do. */
@ApiTags('Analytics')
@Controller('api/agent-metrics')
export class AnalyticsController {
  constructor(
    private readonly service: AnalyticsService,
    private readonly clock: Clock,
  ) {}

  /**
   * Analytics over all agents
   *
   * @remarks Sums, averages and ratios over all agents, as they are now; and how all tests came out that were ever
   * recorded, by category and by difficulty.
   */
  @Get('analytics/summary')
  @ApiOkResponse({ type: AnalyticsDto, description: 'The analytics.' })
  @ApiProblems()
  async analytics(): Promise<AnalyticsDto> {
    const analytics = await this.service.getSummary();
    return { status: 'success', analytics, timestamp: this.clock.now() };
  }

  /**
   * Trends over all agents
   *
   * @remarks How the tests of each hour or day came out: by default of the last 30 days or 48 hours, the present one among
   * them. A test counts when it ended.
   */
  @Get('trends')
  @ApiOkResponse({ type: TrendsDto, description: 'The trends.' })
  @ApiProblems('validation_failed')
  async trends(@Query() query: TrendsQueryDto): Promise<TrendsDto> {
    const trends = await this.service.getTrends(toTrendRequest(query));
    return { status: 'success', ...trends, timestamp: this.clock.now() };
  }

  /**
   * How one agent's tests came out
   *
   * @remarks All that were ever recorded: also those before a reset, which its counters and its history don't have.
   */
  @Get(':agent_type/analytics')
  @ApiAgentType()
  @ApiOkResponse({ type: AgentAnalyticsDto, description: "The agent's analytics." })
  @ApiProblems('validation_failed', 'agent_not_found')
  async agentAnalytics(@AgentTypeParam() agentType: string): Promise<AgentAnalyticsDto> {
    const test_performance = await this.service.getTestPerformance(agentType);
    return { status: 'success', agent_type: agentType, test_performance, timestamp: this.clock.now() };
  }

  /**
   * Trends of one agent
   *
   * @remarks How the agent's tests of each hour or day came out: by default of the last 30 days or 48 hours, the present
   * one among them. A test counts when it ended.
   */
  @Get(':agent_type/trends')
  @ApiAgentType()
  @ApiOkResponse({ type: AgentTrendsDto, description: "The agent's trends." })
  @ApiProblems('validation_failed', 'agent_not_found')
  async agentTrends(@AgentTypeParam() agentType: string, @Query() query: TrendsQueryDto): Promise<AgentTrendsDto> {
    const trends = await this.service.getTrends(toTrendRequest(query), agentType);
    return { status: 'success', agent_type: agentType, ...trends, timestamp: this.clock.now() };
  }
}
