import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LedgerModule } from '../ledger/index.js';
import { RollupsModule } from '../rollups/index.js';
import { AgentDocuments } from './read/agent-documents.js';
import { AgentMetricsController } from './api/agent-metrics.controller.js';
import { AgentMetrics } from './store/agent-metrics.entity.js';
import { AgentMetricsQueries } from './read/agent-metrics.queries.js';
import { AgentMetricsRepository } from './store/agent-metrics.repository.js';
import { AgentMetricsService } from './write/agent-metrics.service.js';
import { AllAgentsController } from './api/all-agents.controller.js';
import { AnalyticsController } from './api/analytics.controller.js';
import { AnalyticsService } from './read/analytics.service.js';
import { CommandExecutor } from './write/command-executor.js';
import { GroupCommit } from './write/group-commit.js';
import { LeaderboardQueries } from './read/leaderboard.queries.js';

/** Metrics of all agents. Exports AgentMetricsService, the queries and the group commit. */
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
