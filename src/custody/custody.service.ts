import { Inject, Injectable } from '@nestjs/common';
import {
  AGENT_METRICS_SETTINGS,
  AgentMetricsService,
  type AgentMetricsSettings,
  AnalyticsService,
  type LeaderboardPage,
  LeaderboardQueries,
  type LeaderboardRequest,
  type PastAgent,
  PastAgents,
  type RecordedChange,
  type WriteOptions,
} from '../agent-metrics/index.js';
import {
  AgentAccess,
  Clock,
  type Page,
  type PageRequest,
  ThrowsDomainErrors,
  validationFailed,
  type WithTimes,
} from '../common/index.js';
import type { AsOf } from '../http/parameters/index.js';
import type { AgentState, CustodyTestResult } from '../progression/index.js';
import {
  CustodyAgentQueries,
  type CustodyAgentRow,
  type LapsingAgent,
  type LapsingRequest,
  type TestedAgentRow,
  toTestedAgentRow,
} from './custody-agents.queries.js';
import type { AgentCustody, CustodyAnalytics, Eligibilities, SeenCategory, TestCatalogue } from './custody-views.js';
import { requirementsUnmet } from './requirements-unmet.error.js';
import { type DifficultyStanding, toDifficultyStanding } from './rules/difficulty.js';
import { type Eligibility, checkGate, type Gate, type GatedAgent, GATES } from './rules/eligibility.js';
import { type Recommendation, createRecommendations } from './rules/recommendations.js';
import { type Schedule, computeSchedule } from './rules/schedule.js';
import { type CustodyThresholds, type Standing, computeStanding } from './rules/standing.js';
import { listTestCategories, TIME_LIMITS } from './rules/test-categories.js';
import { UNCATEGORIZED } from '../rollups/index.js';
import { CUSTODY_SETTINGS, type CustodySettings } from './settings.js';

const DAY_MS = 24 * 60 * 60_000;
/** Number of days in the trends of the analytics, including today. */
const TREND_DAYS = 7;

/** An agent, and the moment for which its custody status is computed. `as_of`: see PastAgent. */
interface AgentAtMoment extends Partial<Pick<PastAgent, 'as_of'>> {
  agent: CustodyAgentRow;
  now: Date;
}

/**
 * The custody protocol: the tests that an agent must pass before it can level up or propose work. The service has no state
 * of its own; it computes the custody status from the agent's current metrics on each call.
 *
 * All methods validate their arguments and throw DomainError only, like AgentMetricsService. While the database is
 * unavailable they throw `database_unavailable`, so no agent passes a gate unchecked.
 */
@Injectable()
@ThrowsDomainErrors()
export class CustodyService {
  private readonly thresholds: CustodyThresholds;
  private readonly passMark: number;

  constructor(
    private readonly agents: AgentMetricsService,
    private readonly custodyAgents: CustodyAgentQueries,
    private readonly analytics: AnalyticsService,
    private readonly leaderboard: LeaderboardQueries,
    private readonly past: PastAgents,
    private readonly clock: Clock,
    @Inject(CUSTODY_SETTINGS) { custody }: CustodySettings,
    @Inject(AGENT_METRICS_SETTINGS) { rules }: AgentMetricsSettings,
  ) {
    this.thresholds = custody;
    this.passMark = rules.passMark;
  }

  /** Records the result of a custody test. */
  async recordTest(
    agentType: string,
    result: WithTimes<CustodyTestResult>,
    options?: WriteOptions,
  ): Promise<RecordedChange> {
    return this.agents.updateCustodyTestResult(agentType, result, options);
  }

  /** Resets the custody metrics to their defaults. General XP, level and learning are retained. */
  async reset(agentType: string, options?: WriteOptions): Promise<RecordedChange> {
    return this.agents.resetCustodyMetrics(agentType, options);
  }

  /**
   * Checks whether the agent can pass a gate, with the required and actual value of each requirement.
   *
   * @param asOf see `getAgentCustody`
   */
  async checkEligibility(gate: Gate, agentType: string, asOf?: AsOf | string): Promise<Eligibility> {
    assertGate(gate);
    const { agent, now } = await this.find(agentType, asOf);
    return checkGate(gate, agent, this.thresholds, now);
  }

  /** Checks whether the agent can propose work. */
  async checkProposalEligibility(agentType: string): Promise<Eligibility> {
    return this.checkEligibility('propose', agentType);
  }

  /** Checks whether the agent can level up. */
  async checkLevelUpEligibility(agentType: string): Promise<Eligibility> {
    return this.checkEligibility('level-up', agentType);
  }

  /** Checks both gates at the same moment. @param asOf see `getAgentCustody` */
  async checkEligibilities(agentType: string, asOf?: AsOf | string): Promise<Eligibilities> {
    return (await this.getAgentCustody(agentType, asOf)).eligibility;
  }

  /**
   * Asserts that the agent can pass the gate now. A test that fails later can change that.
   *
   * @throws DomainError `custody_requirements_unmet`, with the unmet requirements
   */
  async requireEligibility(gate: Gate, agentType: string): Promise<void> {
    const { eligible, requirements } = await this.checkEligibility(gate, agentType);
    if (eligible) return;
    const unmet = requirements.filter(({ met }) => !met);
    throw requirementsUnmet(gate, agentType, unmet);
  }

  /** Current difficulty of the agent's tests, and the requirements of the next one. */
  async getDifficulty(agentType: string): Promise<DifficultyStanding> {
    return toDifficultyStanding((await this.find(agentType)).agent);
  }

  /** Due times of the agent's next tests, and whether it is overdue. */
  async getSchedule(agentType: string): Promise<Schedule> {
    const { agent, now } = await this.find(agentType);
    return computeSchedule(agent, this.thresholds.schedule, now);
  }

  /** Recommendations for the agent. */
  async getRecommendations(agentType: string): Promise<Recommendation[]> {
    const { agent, now } = await this.find(agentType);
    return createRecommendations(agent, computeSchedule(agent, this.thresholds.schedule, now));
  }

  /**
   * Recommendations for a page of agents, in the order of their creation.
   *
   * @param access agents that are listed. Default: all
   */
  async getAllRecommendations(page: PageRequest = {}, access?: AgentAccess): Promise<Page<Recommendation>> {
    const { items, next_cursor } = await this.getStandings(page, access);
    return { items: items.flatMap(({ recommendations }) => recommendations), next_cursor };
  }

  /** Standing of the agent: gates, schedule, focus and recommendations. @param asOf see `getAgentCustody` */
  async getStanding(agentType: string, asOf?: AsOf | string): Promise<Standing> {
    return (await this.getAgentCustody(agentType, asOf)).standing;
  }

  /**
   * Standings of a page of agents, in the order of their creation. `limit`: 1–1,000, default 1,000.
   *
   * @param access agents that are listed. Default: all
   */
  async getStandings(page: PageRequest = {}, access?: AgentAccess): Promise<Page<Standing>> {
    const { items, next_cursor } = await this.custodyAgents.list(page, access);
    return { items: items.map((agent) => this.toAgentCustody(agent).standing), next_cursor };
  }

  /**
   * Metrics, standing and eligibility of the agent at one moment.
   *
   * @param asOf version, or time: the moment, with the metrics that were known then and the present settings. Errors: see
   *   `PastAgents.get`. Default: now
   */
  async getAgentCustody(agentType: string, asOf?: AsOf | string): Promise<AgentCustody> {
    const { agent, now, as_of } = await this.find(agentType, asOf);
    return { ...this.toAgentCustody(agent, now), ...(as_of && { as_of }) };
  }

  /** Like getAgentCustody, with the test history. */
  async getTestedAgentCustody(agentType: string): Promise<AgentCustody<TestedAgentRow>> {
    return this.toAgentCustody(await this.custodyAgents.getTested(agentType));
  }

  /**
   * Sums over all agents, outcomes of the last 7 days, and a page of agents with their custody status.
   *
   * @param access agents that are included. Default: all
   */
  async getAnalytics(page: PageRequest = {}, access?: AgentAccess): Promise<CustodyAnalytics> {
    const from = new Date(this.clock.now().getTime() - (TREND_DAYS - 1) * DAY_MS);
    const [summary, { trends }, { items, next_cursor }] = await Promise.all([
      this.analytics.getSummary({}, access),
      this.analytics.getTrends({ bucket: 'day', from }, undefined, access),
      this.custodyAgents.listTested(page, access),
    ]);
    return { summary, trends, agents: items.map((agent) => this.toAgentCustody(agent)), next_cursor };
  }

  /**
   * A page of the leaderboard: of all time or of a period, optionally around one agent. See `LeaderboardQueries.page`.
   *
   * @param access agents that are ranked. Default: all
   * @throws DomainError `agent_forbidden` if that agent is not among the ranked ones; `agent_not_found` if it does not exist
   */
  async getLeaderboard(request: LeaderboardRequest = {}, access?: AgentAccess): Promise<LeaderboardPage> {
    return this.leaderboard.page(request, access);
  }

  /** Checks both gates of an agent in this state at this moment. Reads nothing. */
  judge(agent: AgentState, at: Date): Eligibilities {
    return this.checkGates(toTestedAgentRow(agent), at);
  }

  /**
   * Finds agents for which a time limit of a gate may have ended in the interval, with the end. Ordered by the end and the agent
   * type.
   */
  async findLapsing(request: LapsingRequest, access: AgentAccess = AgentAccess.ALL): Promise<LapsingAgent[]> {
    return this.custodyAgents.findLapsing(request, this.thresholds.propose.passWindowMs, access);
  }

  /** Categories, time limits and pass mark of the tests. */
  getTestCatalogue(): TestCatalogue {
    return { categories: listTestCategories(), time_limits: TIME_LIMITS, pass_mark: this.passMark };
  }

  /**
   * Categories of the recorded tests, in alphabetical order. Tests without a category are omitted.
   *
   * @param access agents whose tests are included. Default: all
   */
  async getSeenCategories(access: AgentAccess = AgentAccess.ALL): Promise<SeenCategory[]> {
    const { test_performance } = await this.analytics.getSummary({}, access);
    return Object.entries(test_performance.by_category)
      .filter(([category]) => category !== UNCATEGORIZED)
      .map(([category, { tests, errored }]) => ({ category, tests, errored }));
  }

  private toAgentCustody<Row extends CustodyAgentRow>(metrics: Row, now = this.clock.now()): AgentCustody<Row> {
    return {
      metrics,
      eligibility: this.checkGates(metrics, now),
      standing: computeStanding(metrics, this.thresholds, now),
    };
  }

  private checkGates(agent: GatedAgent, at: Date): Eligibilities {
    return {
      propose: checkGate('propose', agent, this.thresholds, at),
      level_up: checkGate('level-up', agent, this.thresholds, at),
    };
  }

  private async find(agentType: string, asOf?: AsOf | string): Promise<AgentAtMoment> {
    if (asOf === undefined) return { agent: await this.custodyAgents.get(agentType), now: this.clock.now() };
    const { agent, at, as_of } = await this.past.get(agentType, asOf);
    return { agent: toTestedAgentRow(agent), now: at, as_of };
  }
}

function assertGate(gate: unknown): void {
  if (GATES.some((known) => known === gate)) return;
  throw validationFailed([{ field: 'gate', detail: `must be one of the following values: ${GATES.join(', ')}` }]);
}
