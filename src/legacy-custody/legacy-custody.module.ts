import { Module } from '@nestjs/common';
import { AgentMetricsModule } from '../agent-metrics/index.js';
import { CustodyModule } from '../custody/index.js';
import { LegacyAgentCustodyController } from './legacy-agent-custody.controller.js';
import { LegacyCustodyController } from './legacy-custody.controller.js';
import { LegacyCustodyQueries } from './legacy-custody.queries.js';
import { LegacyTestsController } from './legacy-tests.controller.js';

/** The paths and response shapes of the old backend. No other module depends on it. */
@Module({
  imports: [AgentMetricsModule, CustodyModule],
  controllers: [LegacyCustodyController, LegacyAgentCustodyController, LegacyTestsController],
  providers: [LegacyCustodyQueries],
})
export class LegacyCustodyModule {}
