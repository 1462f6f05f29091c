import { AgentAlias, AgentMetrics } from '../agent-metrics/index.js';
import { ApiKey } from '../auth/index.js';
import { FeedGap, FeedSegment, FeedState } from '../feed/index.js';
import { AgentEventRecord, AgentTombstone } from '../ledger/index.js';
import { AgentRollup, TestRollupByHour, TestRollupByKind } from '../rollups/index.js';
import { WebhookDeliveryRecord, WebhookEndpointRecord } from '../webhooks/store/index.js';

/** All entities, for the data source and the schema migrations. */
export const ENTITIES = [
  AgentAlias,
  AgentMetrics,
  AgentEventRecord,
  AgentRollup,
  AgentTombstone,
  FeedGap,
  FeedSegment,
  FeedState,
  TestRollupByHour,
  TestRollupByKind,
  ApiKey,
  WebhookDeliveryRecord,
  WebhookEndpointRecord,
];
