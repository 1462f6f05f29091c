import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import {
  ConcurrentChangeError,
  databaseFailed,
  findDatabaseFailure,
  isDatabaseUnavailable,
  isLockTimeout,
  isTransientConflict,
} from '../errors/index.js';
import { type ObservedTransaction, transactionChannel, writeConflict } from '../../common/index.js';
import { ReadReplica } from './read-replica.js';
import { outcomeUnknown } from './errors.js';

/** How often a transaction is tried that loses against others, the first time included. */
const MAX_ATTEMPTS = 6;
/** Longest pause before the second attempt; it doubles with each one. */
const FIRST_PAUSE_MS = 10;

/** The one way to the database: all work runs in here, and its failures come out as domain errors. */
@Injectable()
export class TransactionRunner {
  constructor(
    private readonly dataSource: DataSource,
    private readonly replica: ReadReplica,
  ) {}

  /**
   * Runs work in a transaction and returns its result after the COMMIT. With the caller's EntityManager the work joins
   * the caller's transaction instead, which then commits, fails and retries as the caller wills. A transaction that
   * lost against another one is run again as a whole, so the work must have no effects but those on its manager.
   *
   * @throws DomainError `write_conflict` when it lost too often or waited too long for a lock, and always when it lost in
   *   the caller's transaction; a DatabaseFailure such as `database_unavailable` when the database can't do it: the detail says so
   *   when that was at the COMMIT, after which it is unknown whether the work took effect
   */
  async run<T>(work: (manager: EntityManager) => Promise<T>, outer?: EntityManager): Promise<T> {
    if (outer) return translateErrors(() => work(outer));
    for (let runAttempt = 1; ; runAttempt++) {
      try {
        return await this.runObserved(work, runAttempt);
      } catch (error) {
        if (!isConflict(error) || runAttempt === MAX_ATTEMPTS) throw translateError(error);
        await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** (runAttempt - 1));
      }
    }
  }

  /** Runs a read that needs no transaction. */
  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return translateErrors(() => work(this.dataSource.manager));
  }

  /**
   * Runs a read that may be of a moment ago, on the replica where there is one: never what a client must see of its own
   * writes, and nothing that decides a write.
   */
  async readReplica<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.replica.read(work, () => this.read(work));
  }

  private async runObserved<T>(work: (manager: EntityManager) => Promise<T>, attempt: number): Promise<T> {
    const observed: ObservedTransaction = {
      attempt,
      startedAt: performance.now(),
      manager: null,
      outcome: 'rolled_back',
    };
    return transactionChannel.tracePromise(() => this.attempt(work, observed), observed);
  }

  private async attempt<T>(work: (manager: EntityManager) => Promise<T>, observed: ObservedTransaction): Promise<T> {
    const progress = { committing: false };
    try {
      const committed = await this.dataSource.transaction(async (manager) => {
        observed.manager = manager;
        const result = await work(manager);
        progress.committing = true;
        return result;
      });
      observed.outcome = 'committed';
      return committed;
    } catch (error) {
      if (!progress.committing || !isDatabaseUnavailable(error)) throw error;
      observed.outcome = 'unknown';
      throw outcomeUnknown(error);
    }
  }
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
