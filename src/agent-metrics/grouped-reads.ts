import { Injectable } from '@nestjs/common';
import DataLoader from 'dataloader';
import type { AgentMetrics } from './agent-metrics.entity.js';
import { AgentMetricsQueries } from './agent-metrics.queries.js';

/** Most agents that one SELECT reads. */
const GROUP_SIZE = 256;

/**
 * Grouped reads: who asks while a SELECT runs waits, and the next SELECT reads for all of them. So a lone read starts at
 * once, many share the cost of one, and each sees what was committed when it asked: nothing is cached.
 */
@Injectable()
export class GroupedReads {
  private readonly loader: DataLoader<string, AgentMetrics | null>;
  /** Settles when the SELECT that runs has ended. */
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly queries: AgentMetricsQueries) {
    this.loader = new DataLoader((agentTypes) => this.select(agentTypes), {
      cache: false,
      maxBatchSize: GROUP_SIZE,
      batchScheduleFn: (dispatch) => void this.running.then(dispatch),
    });
  }

  /** The agent as it is now; null when there is none. */
  async find(agentType: string): Promise<AgentMetrics | null> {
    return this.loader.load(agentType);
  }

  private async select(agentTypes: readonly string[]): Promise<(AgentMetrics | null)[]> {
    const query = this.queries.findMany([...new Set(agentTypes)]);
    this.running = query.catch(() => undefined);
    const agents = await query;
    return agentTypes.map((agentType) => agents.get(agentType) ?? null);
  }
}
