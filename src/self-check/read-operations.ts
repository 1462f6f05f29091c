import type { INestApplicationContext } from '@nestjs/common';
import { AgentDocuments, AgentMetricsService, AnalyticsService } from '../agent-metrics/index.js';
import { CustodyService } from '../custody/index.js';
import type { Operation } from './operation.js';

/** Creates the read operations, on existing agents. */
export function createReadOperations(services: INestApplicationContext): Operation[] {
  const agents = services.get(AgentMetricsService, { strict: false });
  const documents = services.get(AgentDocuments, { strict: false });
  const analytics = services.get(AnalyticsService, { strict: false });
  const custody = services.get(CustodyService, { strict: false });
  /** A read of the first agent, if there is one. */
  const readOne = (name: string, read: (agentType: string) => Promise<unknown>): Operation => ({
    name,
    run: async () => {
      const { items } = await agents.getAllAgentMetrics({ limit: 1 });
      for (const { agent_type } of items) await read(agent_type);
    },
  });
  return [
    { name: 'list agents', run: () => agents.getAllAgentMetrics({ limit: 10 }) },
    readOne('read one agent', (agentType) => agents.getAgentMetrics(agentType)),
    readOne('read one agent as the API shows it', (agentType) => documents.getMetrics(agentType)),
    readOne('read its custody metrics as the API shows them', (agentType) => documents.getCustodyMetrics(agentType)),
    readOne('custody standing and eligibility', (agentType) => custody.getAgentCustody(agentType)),
    { name: 'analytics', run: () => analytics.getSummary() },
    { name: 'trends', run: () => analytics.getTrends() },
    { name: 'leaderboard', run: () => custody.getLeaderboard({ limit: 10 }) },
  ];
}
