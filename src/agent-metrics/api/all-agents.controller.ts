import { Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CallerAgents, ConcernsAgents } from '../../http/access/index.js';
import { ApiController } from '../../http/controllers/index.js';
import { ApiProblems } from '../../http/problems/index.js';
import { AgentEvents } from '../read/agent-events.js';
import { EventsQueryDto, toEventsRequest } from '../requests/events-query.dto.js';
import { AllEventsDto } from './dto/events.dto.js';
import { AgentMetricsQueries } from '../read/agent-metrics.queries.js';
import { AnalyticsService } from '../read/analytics.service.js';
import { type AgentAccess, pick } from '../../common/index.js';
import { LeaderboardDto, OVERVIEW_SUMMARY, OverviewDto } from './dto/responses.dto.js';
import { LeaderboardQueryDto, toLeaderboardRequest } from '../requests/leaderboard-query.dto.js';
import { PageQueryDto, toPageRequest } from '../../http/parameters/index.js';
import { LeaderboardQueries } from '../read/leaderboard.queries.js';
import { RequestPipe } from '../../http/validation/index.js';

/** Reads over all agents. Its routes are registered before routes with an agent type. */
@ApiController('agent-metrics', 'All agents')
export class AllAgentsController {
  constructor(
    private readonly agents: AgentMetricsQueries,
    private readonly analytics: AnalyticsService,
    private readonly leaderboardQueries: LeaderboardQueries,
    private readonly agentEvents: AgentEvents,
  ) {}

  /**
   * Get an overview of all agents
   *
   * @remarks Returns a page of agent types in order of creation, and sums over all agents. For a key that is limited to some
   * agents, over these.
   */
  @Get()
  @ConcernsAgents('visible')
  @ApiOkResponse({ type: OverviewDto, description: 'The overview.' })
  @ApiProblems('validation_failed')
  async overview(@Query(RequestPipe) query: PageQueryDto, @CallerAgents() access: AgentAccess): Promise<OverviewDto> {
    const [{ items, next_cursor }, sums] = await Promise.all([
      this.agents.listTypes(toPageRequest(query), [], access),
      this.analytics.getSums(access),
    ]);
    return {
      status: 'success',
      total_agents: sums.total_agents,
      agents: items,
      summary: pick(sums, OVERVIEW_SUMMARY),
      ...(next_cursor !== null && { next_cursor }),
    };
  }

  /**
   * Get the leaderboard
   *
   * @remarks Ranks active agents by learning score, custody XP and win rate, all descending. With a period, ranks the agents
   * that earned XP or were tested in it by XP and custody XP earned, then by tests passed. Agents with equal scores share a
   * rank and are listed by agent type. Returns a page from the top, after a cursor, or around one agent. Ranks are computed
   * when the page is read; for a key that is limited to some agents, among these.
   */
  @Get('leaderboard')
  @ConcernsAgents('visible')
  @ApiOkResponse({ type: LeaderboardDto, description: 'A page of the leaderboard.' })
  @ApiProblems('validation_failed', 'agent_not_found')
  async leaderboard(
    @Query(RequestPipe) query: LeaderboardQueryDto,
    @CallerAgents() access: AgentAccess,
  ): Promise<LeaderboardDto> {
    const { items, ...page } = await this.leaderboardQueries.page(toLeaderboardRequest(query), access);
    return { status: 'success', ...page, leaderboard: items, timestamp: new Date() };
  }

  /**
   * List the events of all agents
   *
   * @remarks Returns a page of the events in the ledger, in the order of insertion, newest first by default. The parameters
   * select events; those about the outcome, the category and the evidence select tests. A page has at most `limit` (100)
   * events, and ends early if their payloads exceed 4 MiB. Events that are recorded meanwhile do not move the events of the
   * next pages. To receive every event once, follow `GET /api/feed`. For a key that is limited to some agents, the events of
   * these.
   */
  @Get('events')
  @ConcernsAgents('visible')
  @ApiOkResponse({ type: AllEventsDto, description: 'A page of events.' })
  @ApiProblems('validation_failed')
  async allEvents(
    @Query(RequestPipe) query: EventsQueryDto,
    @CallerAgents() access: AgentAccess,
  ): Promise<AllEventsDto> {
    const { items, next_cursor } = await this.agentEvents.listAll(toEventsRequest(query), access);
    return { status: 'success', events: items, next_cursor };
  }
}
