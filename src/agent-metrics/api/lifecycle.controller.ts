import { Delete, HttpCode, HttpStatus, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import type { AgentAccess } from '../../common/index.js';
import { CallerAgents, RequiresScope } from '../../http/access/index.js';
import { ApiController } from '../../http/controllers/index.js';
import type { HttpResponse } from '../../http/exchange/index.js';
import { AgentTypeParam, ApiAgentType } from '../../http/parameters/index.js';
import { ApiProblems, BODY_PROBLEMS } from '../../http/problems/index.js';
import { JsonBody } from '../../http/validation/index.js';
import { EraseDto } from '../requests/erase.dto.js';
import { MergeDto } from '../requests/merge.dto.js';
import { NewNameDto } from '../requests/new-name.dto.js';
import { AgentMetricsService } from '../write/agent-metrics.service.js';
import type { WriteOptions } from '../write/write-options.js';
import { ApiWrite } from './api-write.decorator.js';
import { ErasedDto } from './dto/erased.dto.js';
import { MetricsRecordedDto } from './dto/responses.dto.js';
import * as responses from './responses.js';
import { acknowledge, WriteHeaders } from './write-headers.js';

/** Renames, merges and erases agents. */
@ApiController('agent-metrics', 'Agents')
export class LifecycleController {
  constructor(private readonly service: AgentMetricsService) {}

  /**
   * Rename an agent
   *
   * @remarks History, rollups and idempotency keys are those of the new name, and the hash chain continues. Reads of the old
   * name are redirected with 308; writes to it are refused with 409 and the new name. The old name is not available to other
   * agents; the agent itself can have it again. The limits of API keys to agents are not changed.
   */
  @Post(':agent_type/rename')
  @RequiresScope('admin')
  @HttpCode(HttpStatus.OK)
  @ApiAgentType()
  @ApiWrite({
    type: MetricsRecordedDto,
    ok: 'The agent was renamed.',
    problems: [...BODY_PROBLEMS, 'agent_not_found', 'agent_exists'],
  })
  async renameAgent(
    @AgentTypeParam() agentType: string,
    @JsonBody() { agent_type: to }: NewNameDto,
    @WriteHeaders() options: WriteOptions,
    @CallerAgents() access: AgentAccess,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<MetricsRecordedDto> {
    access.assertMayAccess(to);
    const change = await this.service.renameAgent(agentType, to, options);
    return responses.metricsRecorded(acknowledge(reply, change), 'Agent renamed successfully');
  }

  /**
   * Merge an agent into another one
   *
   * @remarks Counters, XP, results and rollups are those of one agent that had both. Learning scores are those of the agent
   * that learned last; identity, status, priority, `is_active`, capabilities and config are those of `into`. Both hash chains
   * are retained. Reads of the merged name are redirected with 308; writes to it are refused with 409. Cannot be undone.
   * `If-Match` refers to the merged agent. The response is the change of `into`.
   */
  @Post(':agent_type/merge')
  @RequiresScope('admin')
  @HttpCode(HttpStatus.OK)
  @ApiAgentType()
  @ApiWrite({
    type: MetricsRecordedDto,
    ok: 'The agent was merged.',
    problems: [...BODY_PROBLEMS, 'agent_not_found'],
  })
  async mergeAgents(
    @AgentTypeParam() agentType: string,
    @JsonBody() { into }: MergeDto,
    @WriteHeaders() options: WriteOptions,
    @CallerAgents() access: AgentAccess,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<MetricsRecordedDto> {
    access.assertMayAccess(into);
    const change = await this.service.mergeAgents(agentType, into, options);
    return responses.metricsRecorded(acknowledge(reply, change), 'Agent merged successfully');
  }

  /**
   * Erase an agent
   *
   * @remarks Deletes the agent permanently: its row, events, rollups and earlier names, and its name in the limits of API keys.
   * A tombstone without the name remains: the head of the hash chain, the number of events, time, actor and reason. The
   * name is available afterwards. Cannot be undone. A repeated request is 404.
   */
  @Delete(':agent_type')
  @RequiresScope('admin')
  @ApiAgentType()
  @ApiHeader({ name: 'If-Match', description: 'ETags. Refused with 412 if none matches the agent.', required: false })
  @ApiOkResponse({ type: ErasedDto, description: 'The agent was erased.' })
  @ApiProblems(
    ...BODY_PROBLEMS,
    'cross_site_request',
    'agent_not_found',
    'agent_renamed',
    'precondition_failed',
    'write_conflict',
  )
  async eraseAgent(
    @AgentTypeParam() agentType: string,
    @JsonBody() body: EraseDto,
    @WriteHeaders() options: WriteOptions,
  ): Promise<ErasedDto> {
    const erased = await this.service.eraseAgent(agentType, body, options);
    return { status: 'success', message: 'Agent erased', tombstone: erased };
  }
}
