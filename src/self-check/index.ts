export { runSelfCheck } from './check.js';
export type { CheckedOperation } from './operation.js';
