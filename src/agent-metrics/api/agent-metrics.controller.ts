import { Body, Controller, Delete, Get, HttpCode, HttpStatus, Post, Put, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { RequiresScope } from '../../http/access/index.js';
import { AgentTypeParam, ApiAgentType } from '../../http/parameters/index.js';
import { ApiProblems, BODY_PROBLEMS } from '../../http/problems/index.js';
import { AgentDocuments } from '../read/agent-documents.js';
import { AgentMetricsService } from '../write/agent-metrics.service.js';
import * as answer from './answers.js';
import { ApiBulkWrite, ApiWrite } from './api-write.decorator.js';
import {
  ApiConditionalGet,
  asJson,
  DOCUMENT_ETAG_HEADER,
  IsKnown,
  type IsKnownTag,
  isNotModified,
} from './conditional-get.js';
import { AdversarialTestDto, toAdversarialTestResult } from './dto/adversarial-test.dto.js';
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
import { BulkUpdateDto, toUpdates } from './dto/bulk-update.dto.js';
import { CustodyTestDto, toCustodyTestResult } from './dto/custody-test.dto.js';
import { CustodyXpDto } from './dto/custody-xp.dto.js';
import { LearningDto, toLearningData } from './dto/learning.dto.js';
import { RowUpdateDto, toRowUpdate } from './dto/row-update.dto.js';
import { acknowledge, acknowledgeAll, BulkWriteHeaders, WriteHeaders } from './write-headers.js';
import type { BulkWriteOptions, WriteOptions } from '../write/write-options.js';

@ApiTags('Agents')
@Controller('api/agent-metrics')
export class AgentMetricsController {
  constructor(
    private readonly service: AgentMetricsService,
    private readonly documents: AgentDocuments,
  ) {}

  /**
   * Update many agents, atomically
   *
   * @remarks All updates take effect in one transaction, or none. Each is what a PUT of that agent would take; agents
   * that don't exist are created.
   */
  @Post('bulk-update')
  @RequiresScope('admin')
  @HttpCode(HttpStatus.OK)
  @ApiBulkWrite({ type: BulkRecordedDto, ok: 'All updates were committed.', problems: BODY_PROBLEMS })
  async bulkUpdate(
    @Body() body: BulkUpdateDto,
    @BulkWriteHeaders() options: BulkWriteOptions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<BulkRecordedDto> {
    const changes = await this.service.bulkUpdateMetrics(toUpdates(body), options);
    return answer.bulkRecorded(acknowledgeAll(reply, changes));
  }

  /**
   * One agent's metrics
   *
   * @remarks Every column of the agent's row, as it is now.
   */
  @Get(':agent_type')
  @ApiAgentType()
  @ApiOkResponse({ type: AgentMetricsDto, description: "The agent's metrics.", headers: DOCUMENT_ETAG_HEADER })
  @ApiConditionalGet()
  @ApiProblems('validation_failed', 'agent_not_found', 'overloaded')
  async get(
    @AgentTypeParam() agentType: string,
    @IsKnown() isKnown: IsKnownTag,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const document = await this.documents.getMetrics(agentType, reply.raw);
    if (isNotModified(reply, isKnown, document)) return undefined;
    return asJson(reply, answer.agentMetrics(agentType, document.json));
  }

  /**
   * One agent's custody metrics
   *
   * @remarks What the custody protocol knows of the agent: tests, streaks, rates, history, custody level and XP.
   */
  @Get(':agent_type/custody')
  @ApiAgentType()
  @ApiOkResponse({
    type: CustodyMetricsDto,
    description: "The agent's custody metrics.",
    headers: DOCUMENT_ETAG_HEADER,
  })
  @ApiConditionalGet()
  @ApiProblems('validation_failed', 'agent_not_found', 'overloaded')
  async getCustody(
    @AgentTypeParam() agentType: string,
    @IsKnown() isKnown: IsKnownTag,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const document = await this.documents.getCustodyMetrics(agentType, reply.raw);
    if (isNotModified(reply, isKnown, document)) return undefined;
    return asJson(reply, answer.custodyMetrics(agentType, document.json));
  }

  /**
   * Create or update an agent
   *
   * @remarks Sets the columns that are named. What isn't named but follows from them, follows: the level from XP (never
   * lowered), the custody level from custody XP, the difficulty from the custody level, the rates from the counters.
   * What contradicts itself is refused with 422. A row that was read before may be sent back whole; what can't be set
   * must then be what the agent has.
   */
  @Put(':agent_type')
  @ApiAgentType()
  @ApiWrite({
    type: MetricsRecordedDto,
    ok: 'The agent was updated.',
    created: 'The agent was created.',
    problems: BODY_PROBLEMS,
  })
  async put(
    @AgentTypeParam() agentType: string,
    @Body() body: RowUpdateDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MetricsRecordedDto> {
    const change = await this.service.createOrUpdateAgentMetrics(agentType, toRowUpdate(body), options);
    void reply.status(change.created ? HttpStatus.CREATED : HttpStatus.OK);
    const message = change.created ? 'Agent created' : 'Agent metrics updated successfully';
    return answer.metricsRecorded(acknowledge(reply, change), message);
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
  @ApiWrite({ type: CustodyTestRecordedDto, ok: 'The result was committed.', problems: BODY_PROBLEMS })
  async recordCustodyTest(
    @AgentTypeParam() agentType: string,
    @Body() body: CustodyTestDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CustodyTestRecordedDto> {
    const change = await this.service.updateCustodyTestResult(agentType, toCustodyTestResult(body), options);
    return answer.custodyTestRecorded(acknowledge(reply, change));
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
  @ApiWrite({ type: AdversarialTestRecordedDto, ok: 'The result was committed.', problems: BODY_PROBLEMS })
  async recordAdversarialTest(
    @AgentTypeParam() agentType: string,
    @Body() body: AdversarialTestDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AdversarialTestRecordedDto> {
    const change = await this.service.updateAdversarialTestResult(agentType, toAdversarialTestResult(body), options);
    return answer.adversarialTestRecorded(acknowledge(reply, change));
  }

  /**
   * Add or take custody XP
   *
   * @remarks The custody level is recomputed, so that taking XP can lower it. Custody XP never goes below 0.
   */
  @Post(':agent_type/custody-xp')
  @HttpCode(HttpStatus.OK)
  @ApiAgentType()
  @ApiWrite({
    type: CustodyXpRecordedDto,
    ok: 'The custody XP was committed.',
    problems: [...BODY_PROBLEMS, 'agent_not_found'],
  })
  async changeCustodyXp(
    @AgentTypeParam() agentType: string,
    @Body() body: CustodyXpDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CustodyXpRecordedDto> {
    const change = await this.service.updateCustodyXp(agentType, body.amount, options);
    return answer.custodyXpRecorded(acknowledge(reply, change));
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
  @ApiWrite({ type: LearningRecordedDto, ok: 'The learning was committed.', problems: BODY_PROBLEMS })
  async recordLearning(
    @AgentTypeParam() agentType: string,
    @Body() body: LearningDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LearningRecordedDto> {
    const change = await this.service.updateLearningMetrics(agentType, toLearningData(body), options);
    return answer.learningRecorded(acknowledge(reply, change));
  }

  /**
   * Reset an agent to its defaults
   *
   * @remarks The agent keeps its id, agent_id and time of creation; its ledger keeps all that was.
   */
  @Delete(':agent_type/reset')
  @RequiresScope('admin')
  @ApiAgentType()
  @ApiWrite({ type: MetricsRecordedDto, ok: 'The agent was reset.', problems: ['agent_not_found'] })
  async reset(
    @AgentTypeParam() agentType: string,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MetricsRecordedDto> {
    const change = await this.service.resetAgentMetrics(agentType, options);
    return answer.metricsRecorded(acknowledge(reply, change), 'Agent metrics reset successfully');
  }
}
