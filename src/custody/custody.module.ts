import { Module } from '@nestjs/common';
import { AgentMetricsModule } from '../agent-metrics/agent-metrics.module.js';
import { CustodyAgentQueries } from './custody-agents.queries.js';
import { CustodyController } from './custody.controller.js';
import { CustodyService } from './custody.service.js';
import { OldAgentCustodyController } from './old-backend/old-agent-custody.controller.js';
import { Evaluator } from './evaluation/evaluator.js';
import { TestAdministration } from './evaluation/test-administration.service.js';
import { OldTestsController } from './old-backend/old-tests.controller.js';
import { OldCustodyController } from './old-backend/old-custody.controller.js';
import { OldCustodyQueries } from './old-backend/old-custody.queries.js';

/** The custody protocol. Exports CustodyService, which `@RequiresCustody` needs in the modules that use it,
 * and TestAdministration. */
@Module({
  imports: [AgentMetricsModule],
  controllers: [CustodyController, OldCustodyController, OldAgentCustodyController, OldTestsController],
  providers: [CustodyService, CustodyAgentQueries, OldCustodyQueries, Evaluator, TestAdministration],
  exports: [CustodyService, TestAdministration],
})
export class CustodyModule {}
