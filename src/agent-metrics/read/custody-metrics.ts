import type { AgentMetrics } from '../store/agent-metrics.entity.js';
import { pick } from '../../common/index.js';

/** Custody columns of an agent, in order of output. */
export const CUSTODY_METRICS = [
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
] as const;

/** Custody metrics of an agent. */
export type CustodyMetrics = Pick<AgentMetrics, (typeof CUSTODY_METRICS)[number]>;

export function toCustodyMetrics(agent: AgentMetrics): CustodyMetrics {
  return pick(agent, CUSTODY_METRICS);
}
