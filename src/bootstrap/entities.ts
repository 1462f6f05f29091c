import { AgentMetrics } from '../agent-metrics/index.js';
import { ApiKey } from '../auth/index.js';
import { AgentEventRecord } from '../ledger/index.js';
import { AgentRollup, TestRollupByHour, TestRollupByKind } from '../rollups/index.js';

/** Every entity, for the data source and for the migrations. */
export const ENTITIES = [AgentMetrics, AgentEventRecord, AgentRollup, TestRollupByHour, TestRollupByKind, ApiKey];
