import { Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { ApiController } from '../../http/controllers/index.js';
import { AgentTypeParam, ApiAgentType, ApiEventVersion, EventVersionParam } from '../../http/parameters/index.js';
import { ApiProblems } from '../../http/problems/index.js';
import { AgentEvents } from '../read/agent-events.js';
import { EventsQueryDto, toEventsRequest } from '../requests/events-query.dto.js';
import { EventDto, EventsDto } from './dto/events.dto.js';

/** History of an agent. */
@ApiController('agent-metrics', 'Agents')
export class EventsController {
  constructor(private readonly agentEvents: AgentEvents) {}

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
  async events(@AgentTypeParam() agentType: string, @Query() query: EventsQueryDto): Promise<EventsDto> {
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
}
