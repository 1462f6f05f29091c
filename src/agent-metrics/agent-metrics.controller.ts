import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Post, Put, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { AgentTypeParam, ApiAgentType } from '../common/agent-type.param.js';
import { ApiProblems, BODY_PROBLEMS } from '../common/api-problems.decorator.js';
import { AgentMetricsService } from './agent-metrics.service.js';
import * as answer from './answers.js';
import { AdversarialTestDto, adversarialTestResultOf } from './dto/adversarial-test.dto.js';
import {
  AdversarialTestRecordedDto,
  AgentMetricsDto,
  BulkRecordedDto,
  CustodyMetricsDto,
  CustodyTestRecordedDto,
  CustodyXpRecordedDto,
  LearningRecordedDto,
  MetricsRecordedDto,
} from './dto/answers.dto.js';
import { BulkUpdateDto, updatesOf } from './dto/bulk-update.dto.js';
import { CustodyTestDto, custodyTestResultOf } from './dto/custody-test.dto.js';
import { CustodyXpDto } from './dto/custody-xp.dto.js';
import { LearningDto } from './dto/learning.dto.js';
import { UpdateMetricsDto } from './dto/update-metrics.dto.js';

@ApiTags('Agents')
@Controller('api/agent-metrics')
export class AgentMetricsController {
  constructor(private readonly service: AgentMetricsService) {}

  /**
   * Update many agents, atomically
   *
   * @remarks All updates take effect in one transaction, or none. Each is what a PUT of that agent would take; agents
   * that don't exist are created.
   */
  @Post('bulk-update')
  @HttpCode(HttpStatus.OK)
  @ApiOkResponse({ type: BulkRecordedDto, description: 'All updates were committed.' })
  @ApiProblems(...BODY_PROBLEMS)
  async bulkUpdate(@Body() body: BulkUpdateDto): Promise<BulkRecordedDto> {
    return answer.bulkRecorded(await this.service.bulkUpdateMetrics(updatesOf(body)));
  }

  /**
   * One agent's metrics
   *
   * @remarks Every column of the agent's row, as it is now.
   */
  @Get(':agent_type')
  @ApiAgentType()
  @ApiOkResponse({ type: AgentMetricsDto, description: "The agent's metrics." })
  @ApiProblems('validation_failed', 'agent_not_found')
  async get(@AgentTypeParam() agentType: string): Promise<AgentMetricsDto> {
    return answer.agentMetrics(await this.service.getAgentMetrics(agentType));
  }

  /**
   * One agent's custody metrics
   *
   * @remarks What the custody protocol knows of the agent: tests, streaks, rates, history, custody level and XP.
   */
  @Get(':agent_type/custody')
  @ApiAgentType()
  @ApiOkResponse({ type: CustodyMetricsDto, description: "The agent's custody metrics." })
  @ApiProblems('validation_failed', 'agent_not_found')
  async getCustody(@AgentTypeParam() agentType: string): Promise<CustodyMetricsDto> {
    return answer.custodyMetrics(agentType, await this.service.getCustodyMetrics(agentType));
  }

  /**
   * Create or update an agent
   *
   * @remarks Sets the columns that are named. What isn't named but follows from them, follows: the level from XP (never
   * lowered), the custody level from custody XP, the difficulty from the custody level, the rates from the counters.
   * What contradicts itself is refused with 422.
   */
  @Put(':agent_type')
  @ApiAgentType()
  @ApiOkResponse({ type: MetricsRecordedDto, description: 'The agent was updated.' })
  @ApiCreatedResponse({ type: MetricsRecordedDto, description: 'The agent was created.' })
  @ApiProblems(...BODY_PROBLEMS)
  async put(
    @AgentTypeParam() agentType: string,
    @Body() body: UpdateMetricsDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MetricsRecordedDto> {
    const change = await this.service.createOrUpdateAgentMetrics(agentType, body);
    void reply.status(change.created ? HttpStatus.CREATED : HttpStatus.OK);
    return answer.metricsRecorded(change, change.created ? 'Agent created' : 'Agent metrics updated successfully');
  }

  /**
   * Record the result of a custody test
   *
   * @remarks Counts the test, moves the streaks, the rates, the history, custody XP and custody level, in one
   * transaction. Creates the agent when it doesn't exist.
   */
  @Post(':agent_type/custody-test')
  @HttpCode(HttpStatus.OK)
  @ApiAgentType()
  @ApiOkResponse({ type: CustodyTestRecordedDto, description: 'The result was committed.' })
  @ApiProblems(...BODY_PROBLEMS)
  async recordCustodyTest(
    @AgentTypeParam() agentType: string,
    @Body() body: CustodyTestDto,
  ): Promise<CustodyTestRecordedDto> {
    return answer.custodyTestRecorded(await this.service.updateCustodyTestResult(agentType, custodyTestResultOf(body)));
  }

  /**
   * Record the result of an adversarial test
   *
   * @remarks Counts like a custody test, passed at the pass mark (70 unless set otherwise). Its XP is general XP; a win
   * counts as an adversarial win. Creates the agent when it doesn't exist.
   */
  @Post(':agent_type/adversarial-test')
  @HttpCode(HttpStatus.OK)
  @ApiAgentType()
  @ApiOkResponse({ type: AdversarialTestRecordedDto, description: 'The result was committed.' })
  @ApiProblems(...BODY_PROBLEMS)
  async recordAdversarialTest(
    @AgentTypeParam() agentType: string,
    @Body() body: AdversarialTestDto,
  ): Promise<AdversarialTestRecordedDto> {
    return answer.adversarialTestRecorded(
      await this.service.updateAdversarialTestResult(agentType, adversarialTestResultOf(body)),
    );
  }

  /**
   * Add or take custody XP
   *
   * @remarks The custody level is recomputed, so that taking XP can lower it. Custody XP never goes below 0.
   */
  @Post(':agent_type/custody-xp')
  @HttpCode(HttpStatus.OK)
  @ApiAgentType()
  @ApiOkResponse({ type: CustodyXpRecordedDto, description: 'The custody XP was committed.' })
  @ApiProblems(...BODY_PROBLEMS, 'agent_not_found')
  async changeCustodyXp(
    @AgentTypeParam() agentType: string,
    @Body() body: CustodyXpDto,
  ): Promise<CustodyXpRecordedDto> {
    return answer.custodyXpRecorded(await this.service.updateCustodyXp(agentType, body.amount));
  }

  /**
   * Record learning
   *
   * @remarks Sets the score and the rates, adds cycles and XP, and appends patterns and suggestions: whichever are
   * named. Creates the agent when it doesn't exist.
   */
  @Post(':agent_type/learning')
  @HttpCode(HttpStatus.OK)
  @ApiAgentType()
  @ApiOkResponse({ type: LearningRecordedDto, description: 'The learning was committed.' })
  @ApiProblems(...BODY_PROBLEMS)
  async recordLearning(@AgentTypeParam() agentType: string, @Body() body: LearningDto): Promise<LearningRecordedDto> {
    return answer.learningRecorded(await this.service.updateLearningMetrics(agentType, body));
  }

  /**
   * Reset an agent to its defaults
   *
   * @remarks The agent keeps its id, agent_id and time of creation; its ledger keeps all that was.
   */
  @Delete(':agent_type/reset')
  @ApiAgentType()
  @ApiOkResponse({ type: MetricsRecordedDto, description: 'The agent was reset.' })
  @ApiProblems('validation_failed', 'agent_not_found')
  async reset(@AgentTypeParam() agentType: string): Promise<MetricsRecordedDto> {
    return answer.metricsRecorded(await this.service.resetAgentMetrics(agentType), 'Agent metrics reset successfully');
  }
}
