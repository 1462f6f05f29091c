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
import { DataSource, type EntityManager } from 'typeorm';

@Injectable()
export class TestRuns {
  constructor(
    private readonly agents: AgentMetricsService,
    private readonly analytics: AnalyticsService,
    private readonly custody: CustodyService,
    private readonly transactions: TransactionRunner,
  ) {}

  async finish(agentType: string, result: CustodyTestResult, options: WriteOptions): Promise<RecordedChange> {
    return this.transactions.run((manager: EntityManager) =>
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

@Module({ imports: [AgentMetricsModule, CustodyModule], providers: [TestRuns] })
export class TestRunsModule {}

// The parameters of a constructor show which copy of TypeORM the library uses.
const [dataSource] = Reflect.getMetadata('design:paramtypes', TransactionRunner) as unknown[];
console.log(JSON.stringify({ migrations: MIGRATIONS.length > 0, sameTypeorm: dataSource === DataSource }));
