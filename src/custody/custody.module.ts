import { Module } from '@nestjs/common';
import { AgentMetricsModule } from '../agent-metrics/index.js';
import { CustodyController } from './api/custody.controller.js';
import { CustodyAgentQueries } from './custody-agents.queries.js';
import { CustodyService } from './custody.service.js';
import { Evaluator } from './evaluation/evaluator.js';
import { TestAdministration } from './evaluation/test-administration.service.js';

/**
 * The custody protocol. Modules that use `@RequiresCustody` must import it.
 */
@Module({
  imports: [AgentMetricsModule],
  controllers: [CustodyController],
  providers: [CustodyService, CustodyAgentQueries, Evaluator, TestAdministration],
  exports: [CustodyService, CustodyAgentQueries, TestAdministration],
})
export class CustodyModule {}
