export { AgentRollup } from './agent-rollup.entity.js';
export { AgentRollupQueries, type AgentSums } from './agent-rollups.queries.js';
export { type Earned, selectEarned } from './earned-in-period.js';
export { computeDifference, type Difference } from './newcombe-interval.js';
export {
  BUCKET_LENGTH,
  buildPerformance,
  buildTrends,
  OUTCOMES,
  type PerformanceRow,
  toTestPerformance,
} from './outcome-statements.js';
export { type Sums, type TestOutcomes, type TestPerformance, type Trend, withInterval } from './test-outcomes.js';
export type { Interval } from './wilson-interval.js';
export { TestRollupByHour } from './test-rollup-by-hour.entity.js';
export { TestRollupByKind, UNCATEGORIZED } from './test-rollup-by-kind.entity.js';
export { TestRollupQueries } from './test-rollups.queries.js';
export { type Bucket, BUCKETS, type TrendRange, toTrendRange, type TrendRequest } from './trend-range.js';
