import { type Channel, channel, tracingChannel } from 'node:diagnostics_channel';

/**
 * What the service tells of its work, to whoever listens: src/telemetry, or a program of an operator's. Those who publish
 * here know no listener, and while there is none it costs them next to nothing. The channels are the process's: of two
 * applications in one process, which only tests have, each hears what both do.
 */

/** A statement, from being sent to PostgreSQL until its result is there. */
export interface ObservedStatement {
  kind: StatementKind;
  /** `performance.now()`, as everywhere below. */
  startedAt: number;
  /** Set when it failed. */
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
  /** From 1; each further one is a retry. */
  attempt: number;
  startedAt: number;
  /** Its EntityManager, once it has begun: what appended events refer to. */
  manager: object | null;
  /** How it ended. Unknown: the database went away at the COMMIT. */
  outcome: TransactionOutcome;
}
export const TRANSACTION_OUTCOMES = ['committed', 'rolled_back', 'unknown'] as const;
export type TransactionOutcome = (typeof TRANSACTION_OUTCOMES)[number];

/** A unit of work in the group commit, from its arrival until its outcome is known. */
export interface ObservedSubmission {
  startedAt: number;
}

/** A round of the group commit: what it carries out, together. */
export interface ObservedRound {
  startedAt: number;
  submissions: readonly ObservedSubmission[];
}

/** Events that were appended to the ledger, in a transaction that has yet to commit. */
export interface ObservedAppend {
  manager: object;
  /** The type of each event. */
  types: readonly string[];
}

export const statementChannel = tracingChannel<unknown, ObservedStatement>('lvlup.statement');
export const transactionChannel = tracingChannel<unknown, ObservedTransaction>('lvlup.transaction');
export const submissionChannel = tracingChannel<unknown, ObservedSubmission>('lvlup.submission');
export const roundChannel = tracingChannel<unknown, ObservedRound>('lvlup.round');
export const appendChannel = channel('lvlup.append') as Channel<unknown, ObservedAppend>;
