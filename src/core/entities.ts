import { AgentAlias, AgentMetrics } from '../agent-metrics/index.js';
import { ApiKey } from '../auth/index.js';
import { AgentEventRecord, AgentTombstone } from '../ledger/index.js';
import { AgentRollup, TestRollupByHour, TestRollupByKind } from '../rollups/index.js';

/** All entities, for the data source and the schema migrations. */
export const ENTITIES = [
  AgentAlias,
  AgentMetrics,
  AgentEventRecord,
  AgentRollup,
  AgentTombstone,
  TestRollupByHour,
  TestRollupByKind,
  ApiKey,
];
