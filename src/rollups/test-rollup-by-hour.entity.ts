import { Entity, Index, PrimaryColumn } from 'typeorm';
import { TestRollup } from './test-rollup.js';

/** Tests that ended within one hour. Days are sums of hours. */
@Entity('test_rollups_by_hour')
// The sums of all agents in a period, for the leaderboard.
@Index('ix_test_rollups_by_hour_period', ['hour'], { where: "agent_type <> '*'" })
export class TestRollupByHour extends TestRollup {
  /** Start of the hour. */
  @PrimaryColumn('timestamptz')
  hour!: Date;
}
