import type { AnalyticsSummary } from '../agent-metrics/index.js';
import type { CustodyAgentRow, TestedAgentRow } from './custody-agents.queries.js';
import type { Difficulty } from '../progression/index.js';
import type { Trend } from '../rollups/index.js';
import type { Eligibility } from './rules/eligibility.js';
import type { Standing } from './rules/standing.js';
import type { TestCategory } from './rules/test-categories.js';

/** What CustodyService answers with, where that is made of several rules. */

/** Both gates of an agent. */
export interface Eligibilities {
  propose: Eligibility;
  level_up: Eligibility;
}

/** What agents are tested in. */
export interface TestCatalogue {
  categories: TestCategory[];
  /** Seconds that a test of each difficulty may take. */
  time_limits: Readonly<Record<Difficulty, number>>;
  /** Score (0–100) from which on an adversarial test is passed. */
  pass_mark: number;
}

/** All that custody says of an agent at one moment, beside the numbers that it goes by. */
export interface AgentCustody<Row extends CustodyAgentRow = CustodyAgentRow> {
  metrics: Row;
  standing: Standing;
  eligibility: Eligibilities;
}

/** What all agents together have done, and where each one of a page stands. */
export interface CustodyAnalytics {
  /** Over all agents, whatever page is shown. */
  summary: AnalyticsSummary;
  /** How tests came out on each of the last 7 days, today among them. */
  trends: Trend[];
  agents: AgentCustody<TestedAgentRow>[];
  next_cursor: string | null;
}
