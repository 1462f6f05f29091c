import type { AnalyticsSummary, PastAgent } from '../agent-metrics/index.js';
import type { CustodyAgentRow, TestedAgentRow } from './custody-agents.queries.js';
import type { Difficulty } from '../progression/index.js';
import type { Trend } from '../rollups/index.js';
import type { Eligibility } from './rules/eligibility.js';
import type { Standing } from './rules/standing.js';
import type { TestCategory } from './rules/test-categories.js';

/** Eligibility for both gates. */
export interface Eligibilities {
  propose: Eligibility;
  level_up: Eligibility;
}

/** Categories, time limits and pass mark of the tests. */
export interface TestCatalogue {
  categories: TestCategory[];
  /** Time limit of each difficulty, in seconds. */
  time_limits: Readonly<Record<Difficulty, number>>;
  /** Minimum score (0–100) to pass an adversarial test. */
  pass_mark: number;
}

/** Category of recorded tests. */
export interface SeenCategory {
  category: string;
  /** Tests passed or failed. */
  tests: number;
  /** Tests that errored. */
  errored: number;
}

/** Custody status of an agent at one moment, with the metrics it was computed from. */
export interface AgentCustody<Row extends CustodyAgentRow = CustodyAgentRow> {
  metrics: Row;
  /** The newest event that had been recorded at the requested moment. Absent for the present. */
  as_of?: PastAgent['as_of'];
  standing: Standing;
  eligibility: Eligibilities;
}

/** Sums over all agents, and a page of agents with their custody status. */
export interface CustodyAnalytics {
  /** Over all agents, not only those of the page. */
  summary: AnalyticsSummary;
  /** Outcomes of tests on each of the last 7 days, including today. */
  trends: Trend[];
  agents: AgentCustody<TestedAgentRow>[];
  next_cursor: string | null;
}
