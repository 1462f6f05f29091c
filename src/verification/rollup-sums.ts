import { SUMS } from '../database/migrations/index.js';

/** Columns with sums in the rollups of tests. */
export const OUTCOMES: readonly string[] = SUMS;
/** Select list of the sums over rows of the view `agent_tests`, or of a rollup. */
export const NAMED_SUMS = SUMS.map((sum) => `sum(${sum}) AS ${sum}`).join(', ');
