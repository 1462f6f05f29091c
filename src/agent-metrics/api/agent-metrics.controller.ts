import { Delete, Get, HttpCode, HttpStatus, Post, Put, Res } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import type { AgentAccess } from '../../common/index.js';
import { CallerAgents, ConcernsAgents, RequiresScope } from '../../http/access/index.js';
import { ApiController } from '../../http/controllers/index.js';
import { getRawResponse, type HttpResponse } from '../../http/exchange/index.js';
import { AgentTypeParam, ApiAgentType, ApiAsOf, type AsOf, AsOfParam } from '../../http/parameters/index.js';
import { ApiProblems, BODY_PROBLEMS } from '../../http/problems/index.js';
import { JsonBody } from '../../http/validation/index.js';
import { AgentDocuments } from '../read/agent-documents.js';
import { PastAgents } from '../read/past-agents.js';
import { AgentMetricsService } from '../write/agent-metrics.service.js';
import * as responses from './responses.js';
import { ApiBulkWrite, ApiWrite } from './api-write.decorator.js';
import {
  ApiConditionalGet,
  asJson,
  DOCUMENT_ETAG_HEADER,
  IsKnown,
  type IsKnownTag,
  isNotModified,
} from './conditional-get.js';
import { AdversarialTestDto, toAdversarialTestResult } from '../requests/adversarial-test.dto.js';
import {
  AdversarialTestRecordedDto,
  AgentMetricsDto,
  BulkRecordedDto,
  CustodyMetricsDto,
  CustodyTestRecordedDto,
  CustodyXpRecordedDto,
  LearningRecordedDto,
  MetricsRecordedDto,
} from './dto/responses.dto.js';
import { BulkUpdateDto, toUpdates } from '../requests/bulk-update.dto.js';
import { CustodyTestDto, toCustodyTestResult } from '../requests/custody-test.dto.js';
import { CustodyXpDto } from '../requests/custody-xp.dto.js';
import { LearningDto, toLearningData } from '../requests/learning.dto.js';
import { RowUpdateDto, toRowUpdate } from '../requests/row-update.dto.js';
import { acknowledge, acknowledgeAll, BulkWriteHeaders, WriteHeaders } from './write-headers.js';
import type { BulkWriteOptions, WriteOptions } from '../write/write-options.js';

@ApiController('agent-metrics', 'Agents')
export class AgentMetricsController {
  constructor(
    private readonly service: AgentMetricsService,
    private readonly documents: AgentDocuments,
    private readonly past: PastAgents,
  ) {}

  /**
   * Update agents in bulk
   *
   * @remarks All updates are committed in one transaction, or none. Each update is the body of a PUT of that agent.
   * Agents that do not exist are created.
   */
  @Post('bulk-update')
  @RequiresScope('admin')
  @ConcernsAgents('visible')
  @HttpCode(HttpStatus.OK)
  @ApiBulkWrite({ type: BulkRecordedDto, ok: 'All updates were committed.', problems: BODY_PROBLEMS })
  async bulkUpdate(
    @JsonBody() body: BulkUpdateDto,
    @BulkWriteHeaders() options: BulkWriteOptions,
    @CallerAgents() access: AgentAccess,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<BulkRecordedDto> {
    for (const agentType of Object.keys(body.updates)) access.assertMayAccess(agentType);
    const changes = await this.service.bulkUpdateMetrics(toUpdates(body), options);
    return responses.bulkRecorded(acknowledgeAll(reply, changes));
  }

  /**
   * Get the metrics of an agent
   *
   * @remarks Returns all columns of the agent's metrics row.
   */
  @Get(':agent_type')
  @ApiAgentType()
  @ApiOkResponse({ type: AgentMetricsDto, description: "The agent's metrics.", headers: DOCUMENT_ETAG_HEADER })
  @ApiAsOf()
  @ApiConditionalGet()
  @ApiProblems('validation_failed', 'agent_not_found', 'event_not_found', 'overloaded')
  async get(
    @AgentTypeParam() agentType: string,
    @AsOfParam() asOf: AsOf | undefined,
    @IsKnown() isKnown: IsKnownTag,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<object | string | undefined> {
    if (asOf !== undefined) return responses.pastMetrics(await this.past.get(agentType, asOf));
    const document = await this.documents.getMetrics(agentType, getRawResponse(reply));
    if (isNotModified(reply, isKnown, document)) return undefined;
    return asJson(reply, responses.agentMetrics(agentType, document.json));
  }

  /**
   * Get the custody metrics of an agent
   *
   * @remarks Returns test counters, streaks, rates, test history, level, XP, custody level and custody XP.
   */
  @Get(':agent_type/custody')
  @ApiAgentType()
  @ApiOkResponse({
    type: CustodyMetricsDto,
    description: "The agent's custody metrics.",
    headers: DOCUMENT_ETAG_HEADER,
  })
  @ApiAsOf()
  @ApiConditionalGet()
  @ApiProblems('validation_failed', 'agent_not_found', 'event_not_found', 'overloaded')
  async getCustody(
    @AgentTypeParam() agentType: string,
    @AsOfParam() asOf: AsOf | undefined,
    @IsKnown() isKnown: IsKnownTag,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<object | string | undefined> {
    if (asOf !== undefined) return responses.pastCustodyMetrics(await this.past.get(agentType, asOf));
    const document = await this.documents.getCustodyMetrics(agentType, getRawResponse(reply));
    if (isNotModified(reply, isKnown, document)) return undefined;
    return asJson(reply, responses.custodyMetrics(agentType, document.json));
  }

  /**
   * Create or update an agent
   *
   * @remarks Sets the columns in the body. Omitted derived columns are recomputed: the level from XP (never lowered),
   * the custody level from custody XP, the difficulty from the custody level, the rates from the counters.
   * Contradictory values are refused with 422. A complete row may be sent back; its read-only columns must then equal
   * the agent's.
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
    @JsonBody() body: RowUpdateDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<MetricsRecordedDto> {
    const change = await this.service.createOrUpdateAgentMetrics(agentType, toRowUpdate(body), options);
    reply.status(change.created ? HttpStatus.CREATED : HttpStatus.OK);
    const message = change.created ? 'Agent created' : 'Agent metrics updated successfully';
    return responses.metricsRecorded(acknowledge(reply, change), message);
  }

  /**
   * Record the result of a custody test
   *
   * @remarks Updates the test counters, streaks, rates, test history, custody XP and custody level in one transaction.
   * Creates the agent if it does not exist.
   */
  @Post(':agent_type/custody-test')
  @HttpCode(HttpStatus.OK)
  @ApiAgentType()
  @ApiWrite({ type: CustodyTestRecordedDto, ok: 'The result was committed.', problems: BODY_PROBLEMS })
  async recordCustodyTest(
    @AgentTypeParam() agentType: string,
    @JsonBody() body: CustodyTestDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<CustodyTestRecordedDto> {
    const change = await this.service.updateCustodyTestResult(agentType, toCustodyTestResult(body), options);
    return responses.custodyTestRecorded(acknowledge(reply, change));
  }

  /**
   * Record the result of an adversarial test
   *
   * @remarks Updates the test counters, streaks, rates and test history like a custody test. The test is passed if the
   * score is at least the pass mark (default 70, configurable). Awards general XP instead of custody XP. A win
   * increments `adversarial_wins`. Creates the agent if it does not exist.
   */
  @Post(':agent_type/adversarial-test')
  @HttpCode(HttpStatus.OK)
  @ApiAgentType()
  @ApiWrite({ type: AdversarialTestRecordedDto, ok: 'The result was committed.', problems: BODY_PROBLEMS })
  async recordAdversarialTest(
    @AgentTypeParam() agentType: string,
    @JsonBody() body: AdversarialTestDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<AdversarialTestRecordedDto> {
    const change = await this.service.updateAdversarialTestResult(agentType, toAdversarialTestResult(body), options);
    return responses.adversarialTestRecorded(acknowledge(reply, change));
  }

  /**
   * Add or subtract custody XP
   *
   * @remarks Recomputes the custody level; subtracting XP can lower it. The minimum of custody XP is 0.
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
    @JsonBody() body: CustodyXpDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<CustodyXpRecordedDto> {
    const change = await this.service.updateCustodyXp(agentType, body.amount, options);
    return responses.custodyXpRecorded(acknowledge(reply, change));
  }

  /**
   * Record learning
   *
   * @remarks Sets the learning score and the rates, adds learning cycles and XP, and appends patterns and suggestions.
   * All fields are optional. Creates the agent if it does not exist.
   */
  @Post(':agent_type/learning')
  @HttpCode(HttpStatus.OK)
  @ApiAgentType()
  @ApiWrite({ type: LearningRecordedDto, ok: 'The learning was committed.', problems: BODY_PROBLEMS })
  async recordLearning(
    @AgentTypeParam() agentType: string,
    @JsonBody() body: LearningDto,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<LearningRecordedDto> {
    const change = await this.service.updateLearningMetrics(agentType, toLearningData(body), options);
    return responses.learningRecorded(acknowledge(reply, change));
  }

  /**
   * Reset an agent to its defaults
   *
   * @remarks The agent keeps its id, agent_id and created_at. Ledger history is retained.
   */
  @Delete(':agent_type/reset')
  @RequiresScope('admin')
  @ApiAgentType()
  @ApiWrite({ type: MetricsRecordedDto, ok: 'The agent was reset.', problems: ['agent_not_found'] })
  async reset(
    @AgentTypeParam() agentType: string,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<MetricsRecordedDto> {
    const change = await this.service.resetAgentMetrics(agentType, options);
    return responses.metricsRecorded(acknowledge(reply, change), 'Agent metrics reset successfully');
  }
}
