import { Module } from '@nestjs/common';
import { AgentRollupQueries } from './agent-rollups.queries.js';
import { TestRollupQueries } from './test-rollups.queries.js';

/** Sums over all agents and all tests. The cost of a read does not depend on their number. */
@Module({
  providers: [AgentRollupQueries, TestRollupQueries],
  exports: [AgentRollupQueries, TestRollupQueries],
})
export class RollupsModule {}
