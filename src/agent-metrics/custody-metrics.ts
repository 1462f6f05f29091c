import type { AgentMetrics } from './agent-metrics.entity.js';

const CUSTODY_COLUMNS = [
  'total_tests_given',
  'total_tests_passed',
  'total_tests_failed',
  'current_difficulty',
  'last_test_date',
  'consecutive_successes',
  'consecutive_failures',
  'test_history',
  'custody_level',
  'custody_xp',
  'level',
  'xp',
  'pass_rate',
  'failure_rate',
] as const satisfies (keyof AgentMetrics)[];

/** What the custody protocol knows of an agent. */
export type CustodyMetrics = Pick<AgentMetrics, (typeof CUSTODY_COLUMNS)[number]>;

export function custodyMetricsOf(agent: AgentMetrics): CustodyMetrics {
  return Object.fromEntries(CUSTODY_COLUMNS.map((column) => [column, agent[column]])) as unknown as CustodyMetrics;
}
