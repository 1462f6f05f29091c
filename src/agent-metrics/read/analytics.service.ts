import { Injectable } from '@nestjs/common';
import { agentNotFound, Clock } from '../../common/index.js';
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
import { AgentMetricsQueries } from './agent-metrics.queries.js';

/** What all agents together have done. */
export interface AnalyticsSummary extends AgentSums {
  /** Of every test that was ever recorded. */
  test_performance: TestPerformance;
}

/** How tests came out in the course of time. */
export interface Trends extends TrendRange {
  /** One for each bucket, also for those without tests, oldest first. */
  trends: Trend[];
}

/**
 * How agents do, in all and in the course of time, from sums that are kept in the transaction of each write: they are
 * exact at any moment, and reading them costs the same however many tests there were.
 *
 * Sums of agents are of their numbers as they are now, so an update or a reset of an agent changes them. What is said of
 * tests is of all that were ever recorded.
 *
 * All methods throw DomainError: `database_unavailable`, and `agent_not_found` when they are asked about an agent that
 * doesn't exist.
 */
@Injectable()
export class AnalyticsService {
  constructor(
    private readonly agents: AgentMetricsQueries,
    private readonly agentRollups: AgentRollupQueries,
    private readonly testRollups: TestRollupQueries,
    private readonly clock: Clock,
  ) {}

  /** What all agents together have done. */
  async getSummary(): Promise<AnalyticsSummary> {
    const [sums, test_performance] = await Promise.all([this.getSums(), this.testRollups.getPerformance()]);
    return { ...sums, test_performance };
  }

  /** Sums over all agents as they are now. */
  async getSums(): Promise<AgentSums> {
    return this.agentRollups.getSums();
  }

  /** How an agent's tests came out, in all and by what was tested. */
  async getTestPerformance(agentType: string): Promise<TestPerformance> {
    const [performance] = await Promise.all([this.testRollups.getPerformance(agentType), this.mustExist(agentType)]);
    return performance;
  }

  /**
   * How tests came out hour by hour or day by day: those of an agent, or of all agents.
   *
   * @throws DomainError `validation_failed` when the range has no bucket, or more than 1,000
   */
  async getTrends(request: TrendRequest = {}, agentType?: string): Promise<Trends> {
    const range = toTrendRange(request, this.clock.now());
    const [trends] = await Promise.all([
      this.testRollups.getTrends(range, agentType),
      agentType === undefined ? undefined : this.mustExist(agentType),
    ]);
    return { ...range, trends };
  }

  private async mustExist(agentType: string): Promise<void> {
    if (!(await this.agents.exists(agentType))) throw agentNotFound(agentType);
  }
}
