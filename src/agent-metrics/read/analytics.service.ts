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
} from '../../rollups/index.js';
import { ComparisonArgument, type ComparisonRequest } from '../requests/compare-query.dto.js';
import { hasEvidenceFilter, type TestFilter, TestFilterArgument } from '../requests/test-filter.dto.js';
import { type FilteredTrendRequest, TrendsArgument } from '../requests/trends-query.dto.js';
import { AgentMetricsQueries } from './agent-metrics.queries.js';
import { type Comparison, toComparison } from './comparison.js';
import { FilteredTestQueries } from './filtered-tests.queries.js';

/** Summary of all agents, or of those that a limited caller may access. */
export interface AnalyticsSummary extends AgentSums {
  /** Results of the selected tests; default: all recorded tests. */
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
 * recorded tests that are not voided.
 *
 * With a filter, test results are read from the ledger: by evidence, by time, and in trends by category. The cost then grows
 * with the number of tests that match the most selective of `run_id`, `agent_version` and the time.
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
    private readonly filtered: FilteredTestQueries,
    private readonly clock: Clock,
  ) {}

  /**
   * Reads the summary of all agents.
   *
   * @param filter selects the tests in `test_performance`; the sums over agents do not depend on it. Default: all tests
   * @param access agents that are included. Default: all
   */
  async getSummary(filter: WithTimes<TestFilter> = {}, access = AgentAccess.ALL): Promise<AnalyticsSummary> {
    AgentAccess.assert(access);
    const parsed = parseArgument(filter, TestFilterArgument);
    const [sums, test_performance] = await Promise.all([this.getSums(access), this.getPerformance(parsed, access)]);
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

  /**
   * Reads the test results of an agent: in total, by category and by difficulty.
   *
   * @param filter selects the tests. Default: all tests
   */
  async getTestPerformance(agentType: string, filter: WithTimes<TestFilter> = {}): Promise<TestPerformance> {
    assertAgentType(agentType);
    const parsed = parseArgument(filter, TestFilterArgument);
    const [performance] = await Promise.all([this.getPerformance(parsed, agentType), this.mustExist(agentType)]);
    return performance;
  }

  /**
   * Compares the test results of an agent by agent version, model, run or environment. Only tests with evidence are counted;
   * those without the field are the group `null`. Groups are ordered by their newest test, most recent first.
   *
   * @throws DomainError `validation_failed` if the request is invalid, or the baseline has no group
   */
  async compare(agentType: string, request: WithTimes<ComparisonRequest>): Promise<Comparison> {
    assertAgentType(agentType);
    const parsed = parseArgument(request, ComparisonArgument);
    const [groups] = await Promise.all([this.filtered.getGroups(agentType, parsed), this.mustExist(agentType)]);
    return toComparison(groups, parsed);
  }

  /**
   * Reads the test results per hour or day.
   *
   * @param request range, and a filter of the tests. A time may be a Date or ISO 8601 text
   * @param agentType default: all agents
   * @param access agents that are included if `agentType` is omitted. Default: all
   * @throws DomainError `validation_failed` if the request is invalid, or the range has no bucket or more than 1,000
   */
  async getTrends(
    request: WithTimes<FilteredTrendRequest> = {},
    agentType?: string,
    access = AgentAccess.ALL,
  ): Promise<Trends> {
    AgentAccess.assert(access);
    const { bucket, from, to, ...filter } = parseArgument(request, TrendsArgument);
    const range = toTrendRange({ bucket, from, to }, this.clock.now());
    if (agentType !== undefined) assertAgentType(agentType);
    const agents = agentType ?? access;
    const isFiltered = hasEvidenceFilter(filter) || filter.category !== undefined;
    const [trends] = await Promise.all([
      isFiltered ? this.filtered.getTrends(range, filter, agents) : this.testRollups.getTrends(range, agents),
      agentType === undefined ? undefined : this.mustExist(agentType),
    ]);
    return { ...range, trends };
  }

  /** From the rollups if possible: they contain neither the evidence nor the time of a test. */
  private async getPerformance(filter: TestFilter, agents: string | AgentAccess): Promise<TestPerformance> {
    return hasEvidenceFilter(filter) || filter.from || filter.to
      ? this.filtered.getPerformance(filter, agents)
      : this.testRollups.getPerformance(agents, filter.category);
  }

  private async mustExist(agentType: string): Promise<void> {
    if (!(await this.agents.exists(agentType))) throw agentNotFound(agentType);
  }
}
