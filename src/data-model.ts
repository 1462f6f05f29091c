import { AgentMetrics } from './agent-metrics/agent-metrics.entity.js';
import { AgentEventRecord } from './ledger/agent-event.entity.js';

/** Every entity, for the data source and for the migrations. */
export const ENTITIES = [AgentMetrics, AgentEventRecord];
