export { distribute, type DistributionState, inspectDistribution } from './distribute.js';
