import { Delete, Get, Query, Res } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import {
  acknowledge,
  ApiWrite,
  metricsRecorded,
  MetricsRecordedDto,
  WriteHeaders,
  type WriteOptions,
} from '../../agent-metrics/index.js';
import {
  AgentTypeParam,
  ApiAgentType,
  ApiAsOf,
  type AsOf,
  AsOfParam,
  PageQueryDto,
  toPageRequest,
} from '../../http/parameters/index.js';
import { CallerAgents, ConcernsAgents, RequiresScope } from '../../http/access/index.js';
import { ApiController } from '../../http/controllers/index.js';
import type { HttpResponse } from '../../http/exchange/index.js';
import { ApiProblems } from '../../http/problems/index.js';
import { type AgentAccess, Clock } from '../../common/index.js';
import { CustodyService } from '../custody.service.js';
import * as dto from './dto/responses.dto.js';
import { RequestPipe } from '../../http/validation/index.js';

@ApiController('custody', 'Custody')
export class CustodyController {
  constructor(
    private readonly custody: CustodyService,
    private readonly clock: Clock,
  ) {}

  /**
   * Test categories
   *
   * @remarks Known categories, time limits and pass mark of the tests, and the categories of the recorded tests. A test may have
   * any category of 1 to 50 lower-case letters, digits and underscores that begins with a letter.
   */
  @Get('categories')
  @ConcernsAgents('visible')
  @ApiOkResponse({ type: dto.TestCatalogueAnswerDto, description: 'The categories.' })
  @ApiProblems()
  async testCategories(@CallerAgents() access: AgentAccess): Promise<dto.TestCatalogueAnswerDto> {
    const seen_categories = await this.custody.getSeenCategories(access);
    const test_catalogue = { ...this.custody.getTestCatalogue(), seen_categories };
    return { status: 'success', test_catalogue, timestamp: this.clock.now() };
  }

  /**
   * Standings of all agents
   *
   * @remarks Gates, schedule and recommendations of each agent, page by page, in the order of their creation. A key that
   * is limited to some agents sees these.
   */
  @Get('agents')
  @ConcernsAgents('visible')
  @ApiOkResponse({ type: dto.StandingsAnswerDto, description: 'A page of agents.' })
  @ApiProblems('validation_failed')
  async standings(
    @Query(RequestPipe) query: PageQueryDto,
    @CallerAgents() access: AgentAccess,
  ): Promise<dto.StandingsAnswerDto> {
    const { items, next_cursor } = await this.custody.getStandings(toPageRequest(query), access);
    return { status: 'success', agents: items, next_cursor, timestamp: this.clock.now() };
  }

  /**
   * Standing of one agent
   *
   * @remarks Gates, schedule and recommendations of the agent.
   */
  @Get('agents/:agent_type')
  @ApiAgentType()
  @ApiOkResponse({ type: dto.StandingAnswerDto, description: "The agent's standing." })
  @ApiAsOf()
  @ApiProblems('validation_failed', 'agent_not_found', 'event_not_found')
  async standing(
    @AgentTypeParam() agentType: string,
    @AsOfParam() asOf: AsOf | undefined,
  ): Promise<dto.StandingAnswerDto> {
    const { standing, as_of } = await this.custody.getAgentCustody(agentType, asOf);
    return this.respond(agentType, { standing, ...(as_of && { as_of }) });
  }

  /**
   * Eligibility of an agent to propose work and to level up
   *
   * @remarks All requirements of both gates, with required and actual value, whether they are met, and until when. Gates are
   * enforced by the same rules.
   */
  @Get('agents/:agent_type/eligibility')
  @ApiAgentType()
  @ApiOkResponse({ type: dto.EligibilityAnswerDto, description: "The agent's eligibility." })
  @ApiAsOf()
  @ApiProblems('validation_failed', 'agent_not_found', 'event_not_found')
  async eligibility(
    @AgentTypeParam() agentType: string,
    @AsOfParam() asOf: AsOf | undefined,
  ): Promise<dto.EligibilityAnswerDto> {
    const { eligibility, as_of } = await this.custody.getAgentCustody(agentType, asOf);
    return this.respond(agentType, { eligibility, ...(as_of && { as_of }) });
  }

  /**
   * Difficulty of an agent's tests
   *
   * @remarks The current difficulty, and the custody level and custody XP required for the next one.
   */
  @Get('agents/:agent_type/difficulty')
  @ApiAgentType()
  @ApiOkResponse({ type: dto.DifficultyAnswerDto, description: "The agent's difficulty." })
  @ApiProblems('validation_failed', 'agent_not_found')
  async difficulty(@AgentTypeParam() agentType: string): Promise<dto.DifficultyAnswerDto> {
    const difficulty = await this.custody.getDifficulty(agentType);
    return this.respond(agentType, { difficulty });
  }

  /**
   * Test schedule of an agent
   *
   * @remarks The next regular test, the retry of a failed one, and whether the agent is overdue.
   */
  @Get('agents/:agent_type/schedule')
  @ApiAgentType()
  @ApiOkResponse({ type: dto.ScheduleAnswerDto, description: "The agent's schedule." })
  @ApiProblems('validation_failed', 'agent_not_found')
  async schedule(@AgentTypeParam() agentType: string): Promise<dto.ScheduleAnswerDto> {
    const schedule = await this.custody.getSchedule(agentType);
    return this.respond(agentType, { schedule });
  }

  /**
   * Recommendations for an agent
   *
   * @remarks Each with a severity and a message. `GET /api/custody/agents` returns those of all agents.
   */
  @Get('agents/:agent_type/recommendations')
  @ApiAgentType()
  @ApiOkResponse({ type: dto.RecommendationsAnswerDto, description: 'The recommendations.' })
  @ApiProblems('validation_failed', 'agent_not_found')
  async recommendations(@AgentTypeParam() agentType: string): Promise<dto.RecommendationsAnswerDto> {
    const recommendations = await this.custody.getRecommendations(agentType);
    return this.respond(agentType, { recommendations });
  }

  /**
   * Reset an agent's custody
   *
   * @remarks Resets to their defaults: tests given, passed and failed, pass and failure rate, both streaks, the times of the
   * last test, success and failure, history, custody XP, custody level, difficulty and adversarial wins. General XP, level
   * and learning are retained, and so is the ledger.
   */
  @Delete('agents/:agent_type/reset')
  @RequiresScope('admin')
  @ApiAgentType()
  @ApiWrite({ type: MetricsRecordedDto, ok: "The agent's custody was reset.", problems: ['agent_not_found'] })
  async resetCustody(
    @AgentTypeParam() agentType: string,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<MetricsRecordedDto> {
    const change = await this.custody.reset(agentType, options);
    return metricsRecorded(acknowledge(reply, change), 'Custody metrics reset successfully');
  }

  private respond<View extends object>(agentType: string, view: View): dto.CustodyAnswerDto & View {
    return { status: 'success', agent_type: agentType, ...view, timestamp: this.clock.now() };
  }
}
