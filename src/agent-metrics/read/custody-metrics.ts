import type { AgentMetrics } from '../store/agent-metrics.entity.js';
import { CUSTODY_METRICS, pick } from '../api/answer-columns.js';

/** Custody metrics of an agent. */
export type CustodyMetrics = Pick<AgentMetrics, (typeof CUSTODY_METRICS)[number]>;

export function toCustodyMetrics(agent: AgentMetrics): CustodyMetrics {
  return pick(agent, CUSTODY_METRICS);
}
