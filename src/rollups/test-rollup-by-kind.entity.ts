import { Entity, PrimaryColumn } from 'typeorm';
import { WORD_MAX_LENGTH } from '../progression/index.js';
import { TestRollup } from './test-rollup.js';

/** The tests of one category and difficulty, whenever they ended. */
@Entity('test_rollups_by_kind')
export class TestRollupByKind extends TestRollup {
  /** `uncategorized` for tests that have none. */
  @PrimaryColumn('varchar', { length: 50 })
  category!: string;

  @PrimaryColumn('varchar', { length: WORD_MAX_LENGTH })
  difficulty!: string;
}
