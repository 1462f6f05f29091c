import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LedgerModule } from '../ledger/ledger.module.js';
import { RollupsModule } from '../rollups/rollups.module.js';
import { AgentDocuments } from './agent-documents.js';
import { AgentMetricsController } from './agent-metrics.controller.js';
import { AgentMetrics } from './agent-metrics.entity.js';
import { AgentMetricsQueries } from './agent-metrics.queries.js';
import { AgentMetricsRepository } from './agent-metrics.repository.js';
import { AgentMetricsService } from './agent-metrics.service.js';
import { AllAgentsController } from './all-agents.controller.js';
import { AnalyticsController } from './analytics.controller.js';
import { AnalyticsService } from './analytics.service.js';
import { CommandExecutor } from './command-executor.js';
import { GroupCommit } from './group-commit.js';
import { LeaderboardQueries } from './leaderboard.queries.js';

/** The score of all agents. Exports AgentMetricsService and the views of all agents for other modules. */
@Module({
  imports: [TypeOrmModule.forFeature([AgentMetrics]), LedgerModule, RollupsModule],
  controllers: [AllAgentsController, AnalyticsController, AgentMetricsController],
  providers: [
    AgentMetricsService,
    AgentMetricsRepository,
    AgentMetricsQueries,
    AnalyticsService,
    LeaderboardQueries,
    CommandExecutor,
    GroupCommit,
    AgentDocuments,
  ],
  exports: [AgentMetricsService, AgentMetricsQueries, AnalyticsService, LeaderboardQueries, GroupCommit],
})
export class AgentMetricsModule {}
