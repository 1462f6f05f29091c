export { AgentRollup } from './agent-rollup.entity.js';
export { AgentRollupQueries, type AgentSums } from './agent-rollups.queries.js';
export type { TestOutcomes, TestPerformance, Trend } from './test-outcomes.js';
export { TestRollupByHour } from './test-rollup-by-hour.entity.js';
export { TestRollupByKind } from './test-rollup-by-kind.entity.js';
export { TestRollupQueries } from './test-rollups.queries.js';
export { type Bucket, BUCKETS, type TrendRange, toTrendRange, type TrendRequest } from './trend-range.js';
