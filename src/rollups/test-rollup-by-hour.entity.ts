import { Entity, PrimaryColumn } from 'typeorm';
import { TestRollup } from './test-rollup.js';

/** The tests that ended within one hour; days are sums of hours. */
@Entity('test_rollups_by_hour')
export class TestRollupByHour extends TestRollup {
  /** Its beginning. */
  @PrimaryColumn('timestamptz')
  hour!: Date;
}
