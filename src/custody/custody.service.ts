import { Inject, Injectable } from '@nestjs/common';
import {
  AgentMetricsService,
  AnalyticsService,
  type LeaderboardEntryDto,
  LeaderboardQueries,
  type LeaderboardRequest,
  type RecordedChange,
  type WriteOptions,
} from '../agent-metrics/index.js';
import { Clock, type Page, type PageRequest } from '../common/index.js';
import { SETTINGS, type Settings } from '../config/index.js';
import type { CustodyTestResult } from '../progression/index.js';
import { CustodyAgentQueries, type CustodyAgentRow, type TestedAgentRow } from './custody-agents.queries.js';
import type { AgentCustody, CustodyAnalytics, Eligibilities, TestCatalogue } from './custody-views.js';
import { requirementsUnmet } from './requirements-unmet.error.js';
import { type DifficultyStanding, difficultyOf } from './rules/difficulty.js';
import { type Eligibility, eligibilityFor, type Gate } from './rules/eligibility.js';
import { type Recommendation, recommendationsFor } from './rules/recommendations.js';
import { type Schedule, scheduleOf } from './rules/schedule.js';
import { type CustodyThresholds, type Standing, standingOf } from './rules/standing.js';
import { testCategories, TIME_LIMITS } from './rules/test-categories.js';

const DAY_MS = 24 * 60 * 60_000;
/** Days, today among them, that the trends of the analytics go back. */
const TREND_DAYS = 7;

/**
 * The custody protocol: the tests that an agent must keep passing before it may level up or propose work. It keeps
 * nothing: each answer is made of the agent's numbers as they are now, by the clock as it is now.
 *
 * All methods throw DomainError, as AgentMetricsService does: `agent_not_found`, and `database_unavailable` while the
 * numbers can't be known, so that nothing is ever let through on a guess.
 */
@Injectable()
export class CustodyService {
  private readonly thresholds: CustodyThresholds;
  private readonly passMark: number;

  constructor(
    private readonly agents: AgentMetricsService,
    private readonly custodyAgents: CustodyAgentQueries,
    private readonly analytics: AnalyticsService,
    private readonly leaderboard: LeaderboardQueries,
    private readonly clock: Clock,
    @Inject(SETTINGS) { custody, rules }: Settings,
  ) {
    this.thresholds = custody;
    this.passMark = rules.passMark;
  }

  /** Records the result of a custody test. */
  async recordTest(agentType: string, result: CustodyTestResult, options?: WriteOptions): Promise<RecordedChange> {
    return this.agents.updateCustodyTestResult(agentType, result, options);
  }

  /** Puts what tests made of an agent back to the defaults; its general XP, level and learning stay. */
  async reset(agentType: string, options?: WriteOptions): Promise<RecordedChange> {
    return this.agents.resetCustodyMetrics(agentType, options);
  }

  /** Whether the agent may pass a gate, with each requirement, what the agent has, and until when that holds. */
  async checkEligibility(gate: Gate, agentType: string): Promise<Eligibility> {
    return eligibilityFor(gate, await this.find(agentType), this.thresholds, this.clock.now());
  }

  /** Whether the agent may propose work. */
  async checkProposalEligibility(agentType: string): Promise<Eligibility> {
    return this.checkEligibility('propose', agentType);
  }

  /** Whether the agent may level up. */
  async checkLevelUpEligibility(agentType: string): Promise<Eligibility> {
    return this.checkEligibility('level-up', agentType);
  }

  /** Both gates at the same moment. */
  async checkEligibilities(agentType: string): Promise<Eligibilities> {
    return (await this.getAgentCustody(agentType)).eligibility;
  }

  /**
   * Returns when the agent may pass the gate now. That isn't held: by the end of what follows a test may have been failed.
   *
   * @throws DomainError `custody_requirements_unmet`, with the unmet requirements
   */
  async requireEligibility(gate: Gate, agentType: string): Promise<void> {
    const { eligible, requirements } = await this.checkEligibility(gate, agentType);
    if (eligible) return;
    const unmet = requirements.filter(({ met }) => !met);
    throw requirementsUnmet(gate, agentType, unmet);
  }

  /** How hard the agent's tests are, and what the next harder ones take. */
  async getDifficulty(agentType: string): Promise<DifficultyStanding> {
    return difficultyOf(await this.find(agentType));
  }

  /** When the agent is to be tested next, and whether that is overdue. */
  async getSchedule(agentType: string): Promise<Schedule> {
    return scheduleOf(await this.find(agentType), this.thresholds.schedule, this.clock.now());
  }

  /** What should be done about the agent. */
  async getRecommendations(agentType: string): Promise<Recommendation[]> {
    const agent = await this.find(agentType);
    return recommendationsFor(agent, scheduleOf(agent, this.thresholds.schedule, this.clock.now()));
  }

  /** What should be done about each agent of a page, in the order of their creation. */
  async getAllRecommendations(page: PageRequest = {}): Promise<Page<Recommendation>> {
    const { items, next_cursor } = await this.getStandings(page);
    return { items: items.flatMap(({ recommendations }) => recommendations), next_cursor };
  }

  /** Where the agent stands: its gates, schedule, focus and recommendations. */
  async getStanding(agentType: string): Promise<Standing> {
    return (await this.getAgentCustody(agentType)).standing;
  }

  /** Where the agents stand, in the order of their creation, at most `limit` (1–1,000, by default 1,000) at a time. */
  async getStandings(page: PageRequest = {}): Promise<Page<Standing>> {
    const { items, next_cursor } = await this.custodyAgents.list(page);
    return { items: items.map((agent) => this.custodyOf(agent).standing), next_cursor };
  }

  /** All that custody says of the agent at one moment. */
  async getAgentCustody(agentType: string): Promise<AgentCustody> {
    return this.custodyOf(await this.find(agentType));
  }

  /** As getAgentCustody, with the agent's tests. */
  async getTestedAgentCustody(agentType: string): Promise<AgentCustody<TestedAgentRow>> {
    return this.custodyOf(await this.custodyAgents.getTested(agentType));
  }

  /** Sums over all agents, how their tests came out in all and on the last 7 days, and a page of agents with their numbers and standing. */
  async getAnalytics(page: PageRequest = {}): Promise<CustodyAnalytics> {
    const recently = new Date(this.clock.now().getTime() - (TREND_DAYS - 1) * DAY_MS);
    const [summary, { trends }, { items, next_cursor }] = await Promise.all([
      this.analytics.getSummary(),
      this.analytics.getTrends({ bucket: 'day', from: recently }),
      this.custodyAgents.listTested(page),
    ]);
    return { summary, trends, agents: items.map((agent) => this.custodyOf(agent)), next_cursor };
  }

  /**
   * The ranking of all agents, page by page or around one agent.
   *
   * @throws DomainError `agent_not_found` when that agent doesn't exist
   */
  async getLeaderboard(request: LeaderboardRequest = {}): Promise<Page<LeaderboardEntryDto>> {
    return this.leaderboard.page(request);
  }

  /** What agents are tested in, how long they may take, and how good they must be. */
  getTestCatalogue(): TestCatalogue {
    return { categories: testCategories(), time_limits: TIME_LIMITS, pass_mark: this.passMark };
  }

  private custodyOf<Row extends CustodyAgentRow>(metrics: Row): AgentCustody<Row> {
    const now = this.clock.now();
    const propose = eligibilityFor('propose', metrics, this.thresholds, now);
    const level_up = eligibilityFor('level-up', metrics, this.thresholds, now);
    return {
      metrics,
      eligibility: { propose, level_up },
      standing: standingOf(metrics, this.thresholds, now),
    };
  }

  private async find(agentType: string): Promise<CustodyAgentRow> {
    return this.custodyAgents.get(agentType);
  }
}
