import { Module } from '@nestjs/common';
import { AgentMetricsModule } from '../agent-metrics/agent-metrics.module.js';
import { CustodyController } from './custody.controller.js';
import { CustodyService } from './custody.service.js';
import { OldAgentCustodyController } from './old-backend/old-agent-custody.controller.js';
import { OldCustodyController } from './old-backend/old-custody.controller.js';

/** The custody protocol. Exports CustodyService, which `@RequiresCustody` needs in the modules that use it. */
@Module({
  imports: [AgentMetricsModule],
  controllers: [CustodyController, OldCustodyController, OldAgentCustodyController],
  providers: [CustodyService],
  exports: [CustodyService],
})
export class CustodyModule {}
