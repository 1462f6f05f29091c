import { type Channel, channel, tracingChannel } from 'node:diagnostics_channel';

/**
 * Diagnostics channels of the service, for src/telemetry or other subscribers. Without a subscriber, publishing costs almost
 * nothing. Channels belong to the process: with two applications in one process, as in tests, subscribers receive both.
 */

/** A statement, from sending it to PostgreSQL until its result has arrived. */
export interface ObservedStatement {
  kind: StatementKind;
  /** `performance.now()`, also in the types below. */
  startedAt: number;
  /** Set if it failed. */
  error?: unknown;
}
export const STATEMENT_KINDS = [
  'select',
  'lock',
  'insert',
  'update',
  'delete',
  'begin',
  'set',
  'commit',
  'rollback',
  'other',
] as const;
export type StatementKind = (typeof STATEMENT_KINDS)[number];

/** One attempt at a transaction. */
export interface ObservedTransaction {
  /** 1 for the first attempt; higher for retries. */
  attempt: number;
  startedAt: number;
  /** Null before it has begun. Appended events refer to it. */
  session: object | null;
  /** Unknown: the connection was lost during COMMIT. */
  outcome: TransactionOutcome;
}
export const TRANSACTION_OUTCOMES = ['committed', 'rolled_back', 'unknown'] as const;
export type TransactionOutcome = (typeof TRANSACTION_OUTCOMES)[number];

/** A write in the group commit, from its arrival until its outcome is known. */
export interface ObservedSubmission {
  startedAt: number;
}

/** A round of the group commit. */
export interface ObservedRound {
  startedAt: number;
  submissions: readonly ObservedSubmission[];
}

/** Events that were appended to the ledger in a transaction that has not yet committed. */
export interface ObservedAppend {
  session: object;
  /** The type of each event. */
  types: readonly string[];
}

/** An attempt to deliver a webhook message. */
export interface ObservedAttempt {
  delivered: boolean;
}

/** Number of webhook endpoints in each state. */
export interface ObservedEndpoints {
  enabled: number;
  retrying: number;
  disabled: number;
}

export const statementChannel = tracingChannel<unknown, ObservedStatement>('lvlup.statement');
export const transactionChannel = tracingChannel<unknown, ObservedTransaction>('lvlup.transaction');
export const submissionChannel = tracingChannel<unknown, ObservedSubmission>('lvlup.submission');
export const roundChannel = tracingChannel<unknown, ObservedRound>('lvlup.round');
export const appendChannel = channel('lvlup.append') as Channel<unknown, ObservedAppend>;
export const attemptChannel = channel('lvlup.webhook-attempt') as Channel<unknown, ObservedAttempt>;
export const endpointsChannel = channel('lvlup.webhook-endpoints') as Channel<unknown, ObservedEndpoints>;
