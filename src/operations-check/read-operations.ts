import type { INestApplicationContext } from '@nestjs/common';
import { AgentMetricsService } from '../agent-metrics/agent-metrics.service.js';
import { AnalyticsService } from '../agent-metrics/analytics.service.js';
import { CustodyService } from '../custody/custody.service.js';
import type { Operation } from './operation.js';

/** Reads of what is there. */
export function readOperations(services: INestApplicationContext): Operation[] {
  const agents = services.get(AgentMetricsService, { strict: false });
  const analytics = services.get(AnalyticsService, { strict: false });
  const custody = services.get(CustodyService, { strict: false });
  return [
    { name: 'list agents', run: () => agents.getAllAgentMetrics({ limit: 10 }) },
    {
      name: 'read one agent',
      run: async () => {
        const { items } = await agents.getAllAgentMetrics({ limit: 1 });
        for (const { agent_type } of items) await agents.getAgentMetrics(agent_type);
      },
    },
    {
      name: 'custody standing and eligibility',
      run: async () => {
        const { items } = await agents.getAllAgentMetrics({ limit: 1 });
        for (const { agent_type } of items) await custody.getAgentCustody(agent_type);
      },
    },
    { name: 'analytics', run: () => analytics.getSummary() },
    { name: 'trends', run: () => analytics.getTrends() },
    { name: 'leaderboard', run: () => custody.getLeaderboard({ limit: 10 }) },
  ];
}
