import { Injectable } from '@nestjs/common';
import { AgentAccess, agentNotFound, Clock, ThrowsDomainErrors, type WithTimes } from '../../common/index.js';
import { assertAgentType } from '../../http/parameters/index.js';
import { parseArgument } from '../../http/validation/index.js';
import {
  AgentRollupQueries,
  type AgentSums,
  type TestPerformance,
  TestRollupQueries,
  type Trend,
  type TrendRange,
  toTrendRange,
  type TrendRequest,
} from '../../rollups/index.js';
import { TrendsArgument } from '../requests/trends-query.dto.js';
import { AgentMetricsQueries } from './agent-metrics.queries.js';

/** Summary of all agents, or of those that a limited caller may access. */
export interface AnalyticsSummary extends AgentSums {
  /** Results of all recorded tests. */
  test_performance: TestPerformance;
}

/** Test results per bucket. */
export interface Trends extends TrendRange {
  /** One entry per bucket, including those without tests, oldest first. */
  trends: Trend[];
}

/**
 * Analytics and trends, read from rollups that each write updates in its transaction. They are always exact, and the
 * cost of a read does not depend on the number of tests.
 *
 * Sums over agents use the current metrics; an update or a reset of an agent changes them. Test results include all
 * recorded tests.
 *
 * All methods throw DomainError only: `validation_failed` by the rules of the HTTP requests; `agent_not_found` if a given
 * agent does not exist; failures of the database such as `database_unavailable`; `internal_error` with the unexpected error as
 * its cause.
 */
@Injectable()
@ThrowsDomainErrors()
export class AnalyticsService {
  constructor(
    private readonly agents: AgentMetricsQueries,
    private readonly agentRollups: AgentRollupQueries,
    private readonly testRollups: TestRollupQueries,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads the summary of all agents.
   *
   * @param access agents that are included. Default: all
   */
  async getSummary(access = AgentAccess.ALL): Promise<AnalyticsSummary> {
    const [sums, test_performance] = await Promise.all([
      this.getSums(access),
      this.testRollups.getPerformanceOf(access),
    ]);
    return { ...sums, test_performance };
  }

  /**
   * Reads the sums over the current metrics of all agents.
   *
   * @param access agents that are included. Default: all
   */
  async getSums(access = AgentAccess.ALL): Promise<AgentSums> {
    AgentAccess.assert(access);
    return this.agentRollups.getSums(access);
  }

  /** Reads the test results of an agent: in total, by category and by difficulty. */
  async getTestPerformance(agentType: string): Promise<TestPerformance> {
    assertAgentType(agentType);
    const [performance] = await Promise.all([this.testRollups.getPerformance(agentType), this.mustExist(agentType)]);
    return performance;
  }

  /**
   * Reads the test results per hour or day.
   *
   * @param request a time may be a Date or ISO 8601 text
   * @param agentType default: all agents
   * @param access agents that are included if `agentType` is omitted. Default: all
   * @throws DomainError `validation_failed` if the request is invalid, or the range has no bucket or more than 1,000
   */
  async getTrends(
    request: WithTimes<TrendRequest> = {},
    agentType?: string,
    access = AgentAccess.ALL,
  ): Promise<Trends> {
    AgentAccess.assert(access);
    const range = toTrendRange(parseArgument(request, TrendsArgument), this.clock.now());
    if (agentType !== undefined) assertAgentType(agentType);
    const [trends] = await Promise.all([
      agentType === undefined
        ? this.testRollups.getTrendsOf(range, access)
        : this.testRollups.getTrends(range, agentType),
      agentType === undefined ? undefined : this.mustExist(agentType),
    ]);
    return { ...range, trends };
  }

  private async mustExist(agentType: string): Promise<void> {
    if (!(await this.agents.exists(agentType))) throw agentNotFound(agentType);
  }
}
