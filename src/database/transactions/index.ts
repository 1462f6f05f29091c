export { ReadReplica } from './read-replica.js';
export { type HostOptions, HostSessions } from './host-sessions.js';
export { isJoinable } from './is-joinable.js';
export { PoolSessions } from './pool-sessions.js';
export { SESSION_SOURCE, type SessionSource } from './session-source.js';
export type { Session } from './session.js';
export { type CommitBehind, TransactionRunner } from './transaction-runner.js';
