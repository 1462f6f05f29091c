import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Clock } from '../common/clock.js';
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

/** The score of all agents. Exports AgentMetricsService for other modules. */
@Module({
  imports: [TypeOrmModule.forFeature([AgentMetrics]), LedgerModule],
  controllers: [AllAgentsController, AgentMetricsController],
  providers: [
    AgentMetricsService,
    AgentMetricsRepository,
    AgentMetricsQueries,
    AnalyticsQueries,
    LeaderboardQueries,
    CommandExecutor,
    GroupCommit,
    AgentDocuments,
    DefaultAgents,
    Clock,
  ],
  exports: [AgentMetricsService],
})
export class AgentMetricsModule {}
