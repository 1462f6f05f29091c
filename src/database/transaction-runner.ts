import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { databaseUnavailable } from '../common/domain-error.js';
import { ConcurrentChangeError } from './concurrent-change.error.js';
import { isDatabaseUnavailable, isTransientConflict } from './sql-state.js';

/** How often a transaction is tried that loses against others, the first time included. */
const MAX_ATTEMPTS = 6;
/** Longest pause before the second attempt; it doubles with each one. */
const FIRST_PAUSE_MS = 10;

/** The one way to the database: all work runs in here, and its failures come out as domain errors. */
@Injectable()
export class TransactionRunner {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs work in a transaction and returns its result after the COMMIT. With the caller's EntityManager the work joins
   * the caller's transaction instead, which then commits, fails and retries as the caller wills. A transaction that
   * lost against another one is run again as a whole, so the work must have no effects but those on its manager.
   *
   * @throws DomainError `database_unavailable` when the database is away; after a lost COMMIT it is unknown whether
   *   the work took effect
   */
  async run<T>(work: (manager: EntityManager) => Promise<T>, outer?: EntityManager): Promise<T> {
    if (outer) return work(outer);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.dataSource.transaction(work);
      } catch (error) {
        const lost = isTransientConflict(error) || error instanceof ConcurrentChangeError;
        if (!lost || attempt === MAX_ATTEMPTS) throw translated(error);
        await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** (attempt - 1));
      }
    }
  }

  /** Runs a read that needs no transaction. */
  async read<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await work(this.dataSource.manager);
    } catch (error) {
      throw translated(error);
    }
  }
}

function translated(error: unknown): unknown {
  return isDatabaseUnavailable(error) || isTransientConflict(error) || error instanceof ConcurrentChangeError
    ? databaseUnavailable(error)
    : error;
}
