import { Module } from '@nestjs/common';
import { AgentRollupQueries } from './agent-rollups.queries.js';
import { TestRollupQueries } from './test-rollups.queries.js';

/** Sums that are kept, over all agents and all tests: reading them costs the same however many there are. */
@Module({
  providers: [AgentRollupQueries, TestRollupQueries],
  exports: [AgentRollupQueries, TestRollupQueries],
})
export class RollupsModule {}
