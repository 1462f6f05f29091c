import type { MigrationInterface } from 'typeorm';
import { CreateAgentMetrics1795407160070 } from './1795407160070-CreateAgentMetrics.js';
import { AddRollups1795427000000 } from './1795427000000-AddRollups.js';
import { AddRankingIndex1795428000000 } from './1795428000000-AddRankingIndex.js';
import { AddApiKeys1795429000000 } from './1795429000000-AddApiKeys.js';
import { CollateAgentTypes1795439000000 } from './1795439000000-CollateAgentTypes.js';
import { IndexTestsByTime1795900000000 } from './1795900000000-IndexTestsByTime.js';
import { CheckListsAndTimes1795900100000 } from './1795900100000-CheckListsAndTimes.js';
import { MarkEditedAgents1795901000000 } from './1795901000000-MarkEditedAgents.js';
import { AddAgentsToApiKeys1795901500000 } from './1795901500000-AddAgentsToApiKeys.js';
import { AddEvidence1795902000000 } from './1795902000000-AddEvidence.js';
import { RankActiveAgents1795902100000 } from './1795902100000-RankActiveAgents.js';
import { IndexEvidence1795902200000 } from './1795902200000-IndexEvidence.js';
import { AddAgentLife1795903000000 } from './1795903000000-AddAgentLife.js';
import { AddMerging1795903500000 } from './1795903500000-AddMerging.js';
import { AddFeed1795904000000 } from './1795904000000-AddFeed.js';
import { AddWebhooks1795904500000 } from './1795904500000-AddWebhooks.js';
import { StoreMetricsOfEvents1795905000000 } from './1795905000000-StoreMetricsOfEvents.js';
import { DistributeTestView1795905500000 } from './1795905500000-DistributeTestView.js';

/** All schema migrations, oldest first. */
export const MIGRATIONS: (new () => MigrationInterface)[] = [
  CreateAgentMetrics1795407160070,
  AddRollups1795427000000,
  AddRankingIndex1795428000000,
  AddApiKeys1795429000000,
  CollateAgentTypes1795439000000,
  IndexTestsByTime1795900000000,
  CheckListsAndTimes1795900100000,
  MarkEditedAgents1795901000000,
  AddAgentsToApiKeys1795901500000,
  AddEvidence1795902000000,
  RankActiveAgents1795902100000,
  IndexEvidence1795902200000,
  AddAgentLife1795903000000,
  AddMerging1795903500000,
  AddFeed1795904000000,
  AddWebhooks1795904500000,
  StoreMetricsOfEvents1795905000000,
  DistributeTestView1795905500000,
];

export { CreateAgentMetrics1795407160070 };
export {
  ADDED_SUMS,
  BY_HOUR,
  addToKept,
  BY_KIND,
  listColumns,
  selectContributions,
  selectDistributedContributions,
  sumContributions,
  SUMS,
  type TestRollupTable,
  voidedByDistributed,
} from './contribution-statements.js';
export { addAgents, COUNTED_COLUMNS } from './rollup-statements.js';
