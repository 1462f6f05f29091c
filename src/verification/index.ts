export { AgentVerifier } from './agent-verifier.js';
export type { Difference } from './difference.js';
export { rebuild, type Rebuild } from './rebuild.js';
export { testRollupDifferences } from './rollup-differences.js';
export type { StoredEvent } from './stored.js';
export { verifyAgents } from './verify-agents.js';
export { type Report, type Verification, verify, verifyIn } from './verify.js';
