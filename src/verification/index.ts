export { AgentVerifier } from './agent-verifier.js';
export type { Difference } from './difference.js';
export { rebuild, type RebuildResult } from './rebuild.js';
export { findTestRollupDifferences } from './rollup-differences.js';
export type { StoredEvent } from './stored.js';
export { verifyAgents } from './verify-agents.js';
export { type OnProgress, type VerificationResult, verify, verifyIn } from './verify.js';
