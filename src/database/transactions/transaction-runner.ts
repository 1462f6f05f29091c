import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import {
  ConcurrentChangeError,
  databaseFailed,
  findDatabaseFailure,
  isCanceled,
  isDatabaseUnavailable,
  isLockTimeout,
  isServerError,
  isTransientConflict,
} from '../errors/index.js';
import { type ObservedTransaction, transactionChannel, writeConflict } from '../../common/index.js';
import { ReadReplica } from './read-replica.js';
import type { Session } from './session.js';
import { SESSION_SOURCE, type SessionSource } from './session-source.js';
import { outcomeUnknown } from './errors.js';

/** Work of a transaction. */
type Work<T> = (session: Session, commitBehind?: CommitBehind) => Promise<T>;

/** Maximum number of attempts of a transaction that conflicts with others. */
const MAX_ATTEMPTS = 6;
/** Maximum pause before the second attempt, in milliseconds. It doubles with each attempt. */
const FIRST_PAUSE_MS = 10;

/**
 * Lets COMMIT be sent behind a statement, whose result is awaited with that of COMMIT. All that must not be committed
 * without the others must be in this one statement, and PostgreSQL itself must refuse it if it is wrong.
 */
export type CommitBehind = (statement: Promise<unknown>) => void;

/** Runs all work on the database, and converts its failures to domain errors. */
@Injectable()
export class TransactionRunner {
  constructor(
    @Inject(SESSION_SOURCE) private readonly sessions: SessionSource,
    private readonly replica: ReadReplica,
  ) {}

  /**
   * Runs work in a transaction and returns its result after the COMMIT. A transaction that conflicts with another one is
   * repeated as a whole, so that the work must have no effects except in its session.
   *
   * @param work gets `commitBehind` if the session allows it
   * @param outer transaction of the caller, which the work joins; the caller commits and repeats it
   * @throws DomainError `write_conflict` after too many conflicts, after a lock timeout, and on any conflict in the caller's
   *   transaction; a DatabaseFailure such as `database_unavailable`, whose detail states if the outcome is unknown because the
   *   connection was lost during COMMIT
   */
  async run<T>(
    work: (session: Session, commitBehind?: (statement: Promise<unknown>) => void) => Promise<T>,
    outer?: Session,
  ): Promise<T> {
    if (outer) return translateErrors(() => this.sessions.join(outer, work));
    for (let runAttempt = 1; ; runAttempt++) {
      try {
        return await this.runObserved(work, runAttempt);
      } catch (error) {
        if (!isConflict(error) || runAttempt === MAX_ATTEMPTS) throw translateError(error);
        await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** (runAttempt - 1));
      }
    }
  }

  /** The transaction of the calling context, which writes join by default; null if there is none. */
  current(): Session | null {
    return this.sessions.current();
  }

  /** Runs a callback after the COMMIT of the caller's transaction, and not at all if it is rolled back. */
  afterCommit(outer: Session, callback: () => void): void {
    this.sessions.afterCommit(outer, callback);
  }

  /** Runs a read without a transaction. */
  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return translateErrors(() => this.sessions.read(work));
  }

  /**
   * Runs a read that may be slightly stale, on the replica if there is one. Not for reads that must see the client's own
   * writes, or that decide a write.
   */
  async readReplica<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.replica.read(work, () => this.read(work));
  }

  private async runObserved<T>(work: Work<T>, attempt: number): Promise<T> {
    const observed: ObservedTransaction = {
      attempt,
      startedAt: performance.now(),
      session: null,
      outcome: 'rolled_back',
    };
    return transactionChannel.tracePromise(() => this.attempt(work, observed), observed);
  }

  private async attempt<T>(work: Work<T>, observed: ObservedTransaction): Promise<T> {
    const progress = { committing: false };
    const sent: Promise<unknown>[] = [];
    const commitBehind = (statement: Promise<unknown>) => {
      statement.catch(() => undefined);
      sent.push(statement);
    };
    try {
      const committed = await this.sessions.transaction(async (session) => {
        observed.session = session;
        const result = await work(session, this.sessions.pipelinesCommit ? commitBehind : undefined);
        progress.committing = true;
        return result;
      });
      // PostgreSQL answers the COMMIT of a transaction with a failed statement with ROLLBACK, and TypeORM ignores it.
      progress.committing = false;
      await Promise.all(sent);
      observed.outcome = 'committed';
      return committed;
    } catch (error) {
      if (!progress.committing) throw error;
      const refusal = await findRefusal(sent);
      if (refusal !== null) throw refusal;
      if (!isDatabaseUnavailable(error) || isCanceled(error)) throw error;
      observed.outcome = 'unknown';
      throw outcomeUnknown(error);
    }
  }
}

/** Error of PostgreSQL for a statement, after which its transaction cannot be committed; null if there is none. */
async function findRefusal(statements: readonly Promise<unknown>[]): Promise<Error | null> {
  for (const outcome of await Promise.allSettled(statements)) {
    const reason: unknown = outcome.status === 'rejected' ? outcome.reason : null;
    if (reason instanceof Error && (reason instanceof ConcurrentChangeError || isServerError(reason))) return reason;
  }
  return null;
}

async function translateErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw translateError(error);
  }
}

function isConflict(error: unknown): boolean {
  return isTransientConflict(error) || error instanceof ConcurrentChangeError;
}

function translateError(error: unknown): unknown {
  if (isConflict(error) || isLockTimeout(error)) return writeConflict(error);
  const failure = findDatabaseFailure(error);
  return failure ? databaseFailed(failure, error) : error;
}
