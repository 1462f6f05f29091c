import type { RuleSettings } from '../progression/index.js';

/** Settings of the metrics. */
export interface AgentMetricsSettings {
  rules: RuleSettings;
  /** Maximum number of writes that wait for the next round of the group commit. */
  commitQueueSize: number;
}

/** Injection token of the settings. */
export const AGENT_METRICS_SETTINGS = Symbol('AgentMetricsSettings');
