import { Get, HttpCode, HttpStatus, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOkResponse } from '@nestjs/swagger';
import { RequiresScope } from '../../http/access/index.js';
import { ApiController } from '../../http/controllers/index.js';
import type { HttpRequest, HttpResponse } from '../../http/exchange/index.js';
import { AgentTypeParam, ApiAgentType, ApiEventVersion, EventVersionParam } from '../../http/parameters/index.js';
import { ApiProblems, BODY_PROBLEMS } from '../../http/problems/index.js';
import { AgentEvents } from '../read/agent-events.js';
import { EventsQueryDto, toEventsRequest } from '../requests/events-query.dto.js';
import { VoidDto, type VoidRequest } from '../requests/void.dto.js';
import { AgentMetricsService } from '../write/agent-metrics.service.js';
import type { WriteOptions } from '../write/write-options.js';
import { ApiWrite } from './api-write.decorator.js';
import { EventDto, EventsDto } from './dto/events.dto.js';
import { MetricsRecordedDto } from './dto/responses.dto.js';
import * as responses from './responses.js';
import { acknowledge, WriteHeaders } from './write-headers.js';
import { RequestPipe } from '../../http/validation/index.js';

/** Events of an agent: reads them, and voids one. */
@ApiController('agent-metrics', 'Agents')
export class EventsController {
  constructor(
    private readonly agentEvents: AgentEvents,
    private readonly service: AgentMetricsService,
  ) {}

  /**
   * List the events of an agent
   *
   * @remarks Returns a page of the agent's events in the ledger, by version, newest first by default. The parameters select
   * events; those about the outcome, the category and the evidence select tests. A page has at most `limit` (100) events, and
   * ends early if their payloads exceed 4 MiB. Events that are recorded meanwhile do not move the events of the next pages.
   */
  @Get(':agent_type/events')
  @ApiAgentType()
  @ApiOkResponse({ type: EventsDto, description: 'A page of events.' })
  @ApiProblems('validation_failed', 'agent_not_found')
  async events(@AgentTypeParam() agentType: string, @Query(RequestPipe) query: EventsQueryDto): Promise<EventsDto> {
    const { items, next_cursor } = await this.agentEvents.list(agentType, toEventsRequest(query));
    return { status: 'success', agent_type: agentType, events: items, next_cursor };
  }

  /**
   * Get an event of an agent
   *
   * @remarks Returns the event with this version.
   */
  @Get(':agent_type/events/:version')
  @ApiAgentType()
  @ApiEventVersion()
  @ApiOkResponse({ type: EventDto, description: 'The event.' })
  @ApiProblems('validation_failed', 'agent_not_found', 'event_not_found')
  async event(@AgentTypeParam() agentType: string, @EventVersionParam() version: number): Promise<EventDto> {
    const event = await this.agentEvents.get(agentType, version);
    return { status: 'success', agent_type: agentType, event };
  }

  /**
   * Void an event
   *
   * @remarks The agent's metrics, levels, analytics and gates are then what they would be without the event. The ledger
   * retains the event and records the voiding. Tests, learning, custody XP and updates can be voided, each once. With
   * `replacement`, the correct result is recorded in the same transaction.
   */
  @Post(':agent_type/events/:version/void')
  @RequiresScope('admin')
  @HttpCode(HttpStatus.OK)
  @ApiAgentType()
  @ApiEventVersion()
  @ApiBody({ type: VoidDto })
  @ApiWrite({
    type: MetricsRecordedDto,
    ok: 'The voiding was committed.',
    problems: [...BODY_PROBLEMS, 'agent_not_found', 'event_not_found'],
  })
  async voidEvent(
    @AgentTypeParam() agentType: string,
    @EventVersionParam() version: number,
    @Req() request: HttpRequest,
    @WriteHeaders() options: WriteOptions,
    @Res({ passthrough: true }) reply: HttpResponse,
  ): Promise<MetricsRecordedDto> {
    const change = await this.service.voidEvent(agentType, version, request.body as VoidRequest, options);
    return responses.metricsRecorded(acknowledge(reply, change), `Event ${version} voided successfully`);
  }
}
