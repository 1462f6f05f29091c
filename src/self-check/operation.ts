import type { EntityManager } from 'typeorm';

/** An operation of the service on the database. */
export interface Operation {
  name: string;
  /**
   * Runs the operation; writes use the manager's transaction.
   *
   * @throws Error if the operation fails or its result is wrong
   */
  run: (manager: EntityManager) => Promise<unknown>;
}

/** Result of an operation. */
export interface CheckedOperation {
  operation: string;
  ok: boolean;
  milliseconds: number;
  /** Message of the error, if the operation failed. */
  error?: string;
}
