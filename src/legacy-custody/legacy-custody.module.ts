import { Module } from '@nestjs/common';
import { AgentMetricsModule } from '../agent-metrics/index.js';
import { CustodyModule } from '../custody/index.js';
import { OldAgentCustodyController } from './old-agent-custody.controller.js';
import { OldCustodyController } from './old-custody.controller.js';
import { OldCustodyQueries } from './old-custody.queries.js';
import { OldTestsController } from './old-tests.controller.js';

/** The paths and response shapes of the old backend. Nothing depends on it. */
@Module({
  imports: [AgentMetricsModule, CustodyModule],
  controllers: [OldCustodyController, OldAgentCustodyController, OldTestsController],
  providers: [OldCustodyQueries],
})
export class LegacyCustodyModule {}
