import { Injectable, Module } from '@nestjs/common';
import {
  AgentMetrics,
  AgentMetricsModule,
  AgentMetricsService,
  AnalyticsService,
  CustodyModule,
  CustodyService,
  type CustodyTestResult,
  DomainError,
  type Gate,
  MIGRATIONS,
  type RecordedChange,
  RequiresCustody,
  TransactionRunner,
  type WriteOptions,
} from 'lvlup-agent-metrics';
import { getMetadataArgsStorage } from 'typeorm';

@Injectable()
export class TestRuns {
  constructor(
    private readonly agents: AgentMetricsService,
    private readonly analytics: AnalyticsService,
    private readonly custody: CustodyService,
    private readonly transactions: TransactionRunner,
  ) {}

  async finish(agentType: string, result: CustodyTestResult, options: WriteOptions): Promise<RecordedChange> {
    return this.transactions.run((manager) =>
      this.agents.updateCustodyTestResult(agentType, result, { ...options, manager }),
    );
  }

  async summarize(agentType: string, gate: Gate): Promise<string> {
    const { total_agents } = await this.analytics.getSummary();
    const { eligible } = await this.custody.checkEligibility(gate, agentType);
    const { xp }: AgentMetrics = await this.agents.getAgentMetrics(agentType);
    return `${total_agents} ${eligible} ${xp}`;
  }

  @RequiresCustody('propose', { agentType: ({ body }) => (body as { author?: unknown }).author })
  propose(): never {
    throw new DomainError('agent_not_found', 'There is no agent.');
  }
}

const metrics = AgentMetricsModule.forRoot({ schema: 'agents', rules: { passMark: 80 } });

@Module({ imports: [metrics, CustodyModule.forRoot({ metrics })], providers: [TestRuns] })
export class TestRunsModule {}

// The metadata of an entity shows which copy of TypeORM the library uses.
const sameTypeorm = getMetadataArgsStorage().tables.some(({ target }) => target === AgentMetrics);
console.log(JSON.stringify({ migrations: MIGRATIONS.length > 0, sameTypeorm }));
