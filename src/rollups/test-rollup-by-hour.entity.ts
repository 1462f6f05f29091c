import { Entity, PrimaryColumn } from 'typeorm';
import { TestRollup } from './test-rollup.js';

/** Tests that ended within one hour. Days are sums of hours. */
@Entity('test_rollups_by_hour')
export class TestRollupByHour extends TestRollup {
  /** Start of the hour. */
  @PrimaryColumn('timestamptz')
  hour!: Date;
}
