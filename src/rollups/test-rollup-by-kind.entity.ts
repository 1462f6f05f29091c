import { Entity, PrimaryColumn } from 'typeorm';
import { WORD_MAX_LENGTH } from '../progression/index.js';
import { TestRollup } from './test-rollup.js';

/** Category of tests without one. */
export const UNCATEGORIZED = 'uncategorized';

/** Tests of one category and difficulty. */
@Entity('test_rollups_by_kind')
export class TestRollupByKind extends TestRollup {
  /** `uncategorized` for tests without a category. */
  @PrimaryColumn('varchar', { length: 50 })
  category!: string;

  @PrimaryColumn('varchar', { length: WORD_MAX_LENGTH })
  difficulty!: string;
}
