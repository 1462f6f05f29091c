import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LedgerModule } from '../ledger/ledger.module.js';
import { AgentDocuments } from './agent-documents.js';
import { AgentMetricsController } from './agent-metrics.controller.js';
import { AgentMetrics } from './agent-metrics.entity.js';
import { AgentMetricsQueries } from './agent-metrics.queries.js';
import { AgentMetricsRepository } from './agent-metrics.repository.js';
import { AgentMetricsService } from './agent-metrics.service.js';
import { AllAgentsController } from './all-agents.controller.js';
import { AnalyticsQueries } from './analytics.queries.js';
import { CommandExecutor } from './command-executor.js';
import { DefaultAgents } from './default-agents.js';
import { GroupCommit } from './group-commit.js';
import { LeaderboardQueries } from './leaderboard.queries.js';
import { TestPerformanceQueries } from './test-performance.queries.js';

/** The score of all agents. Exports AgentMetricsService for other modules, and the views of all agents. */
@Module({
  imports: [TypeOrmModule.forFeature([AgentMetrics]), LedgerModule],
  controllers: [AllAgentsController, AgentMetricsController],
  providers: [
    AgentMetricsService,
    AgentMetricsRepository,
    AgentMetricsQueries,
    AnalyticsQueries,
    LeaderboardQueries,
    TestPerformanceQueries,
    CommandExecutor,
    GroupCommit,
    AgentDocuments,
    DefaultAgents,
  ],
  exports: [AgentMetricsService, AnalyticsQueries, LeaderboardQueries, TestPerformanceQueries],
})
export class AgentMetricsModule {}
