export { ReadReplica } from './read-replica.js';
export { TransactionRunner } from './transaction-runner.js';
