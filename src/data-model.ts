import { AgentMetrics } from './agent-metrics/agent-metrics.entity.js';
import { ApiKey } from './auth/api-key.entity.js';
import { AgentEventRecord } from './ledger/agent-event.entity.js';
import { AgentRollup } from './rollups/agent-rollup.entity.js';
import { TestRollupByHour } from './rollups/test-rollup-by-hour.entity.js';
import { TestRollupByKind } from './rollups/test-rollup-by-kind.entity.js';

/** Every entity, for the data source and for the migrations. */
export const ENTITIES = [AgentMetrics, AgentEventRecord, AgentRollup, TestRollupByHour, TestRollupByKind, ApiKey];
