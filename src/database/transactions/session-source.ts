import type { Session } from './session.js';

/** Source of sessions: the connection pool of the service, or the DataSource of a host application. */
export interface SessionSource {
  /** Runs work in a transaction. Commits it when the work is done; rolls it back if the work fails. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;

  /** Whether COMMIT is sent without waiting for the results of the statements before it. */
  readonly pipelinesCommit: boolean;

  /** Runs a read without a transaction of the caller. */
  read<T>(work: (session: Session) => Promise<T>): Promise<T>;

  /** Runs work in a transaction of the caller, who commits it. */
  join<T>(outer: Session, work: (session: Session) => Promise<T>): Promise<T>;

  /** Runs a callback after the COMMIT of this transaction. It does not run if the transaction is rolled back. */
  afterCommit(session: Session, callback: () => void): void;

  /** The transaction of the calling context, which writes join by default; null if there is none. */
  current(): Session | null;
}

/** Injection token of the session source. */
export const SESSION_SOURCE = Symbol('SessionSource');
